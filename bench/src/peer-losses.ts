import { call } from "@basin/client";
import { type Sweep } from "@basin/contracts";

/** The last value of every run's series. */
export async function lastLosses(api: string, sweep: Sweep["id"], metric: string): Promise<number[]> {
  const { runs } = await call(api, "getSweepSeries", { params: { sweep }, query: { metric, limit: 1000 } });
  return runs.map(({ series }) => series[0]?.values.at(-1) ?? Number.NaN);
}
