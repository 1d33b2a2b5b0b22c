import type { Configuration } from "@basin/contracts";
import { reasonOf } from "../control/control-plane";
import type { StartPack } from "../worker/protocol";
import { fetchWeights } from "./fetch-weights";
import type { SessionContext } from "./session-context";

/** Datasets and weights that the runs need beside their parameters. Rejects with the reason, in words, where they cannot be had. */
export async function bringInputs(
  { datasets, transfer, signal }: SessionContext,
  experiment: string,
  configurations: readonly Configuration[],
): Promise<Pick<StartPack, "datasets" | "weights">> {
  let what = "dataset";
  try {
    const contents = await datasets.bring(experiment, configurations, { signal });
    what = "weights to start from";
    return { datasets: contents, weights: await fetchWeights(transfer, configurations, { signal }) };
  } catch (error) {
    throw new Error(`its ${what} cannot be had: ${reasonOf(error)}`, { cause: error });
  }
}
