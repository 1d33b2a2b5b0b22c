import { diagnosticMetricNames, DiagnosticParameters } from "@basin/problems";
import pg from "pg";
import { atLeast, figure, type Measurement } from "./report";
import { runSweep, startWarmStack } from "./warm-stack";

/**
 * Metric points committed in Postgres per second through the real path: the diagnostic experiment makes points as fast as the trainer
 * takes them, which leave through the trainer's spool and JetStream and are inserted by the control plane. Counted in the database, over
 * the time from the first claim to the last commit; series that the trainer adds by itself do not count.
 */
export async function ingest({ quick }: { quick: boolean }): Promise<Measurement> {
  const [runs, steps, valuesPerStep] = quick ? [16, 2000, 16] : [64, 8000, 16];
  const stack = await startWarmStack();
  const database = new pg.Client({ connectionString: stack.databaseUrl });
  try {
    await database.connect();
    const spec = (stepsPerRun: number) => ({
      experiment: "diagnostic",
      space: {
        steps: { type: "fixed" as const, value: stepsPerRun },
        secondsPerStep: { type: "fixed" as const, value: 0 },
        valuesPerStep: { type: "fixed" as const, value: valuesPerStep },
      },
      seeds: { count: runs },
    });
    await runSweep(stack.api, spec(50));
    const rates: number[] = [];
    const rows: Record<string, unknown>[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      const { sweep } = await runSweep(stack.api, spec(steps));
      const points = await database.query<{ points: string }>(
        `select sum(cardinality(c.values))::text as points from metric_chunk c join run r on r.id = c.run_id
         where r.sweep_id = $1 and c.metric = any($2)`,
        [sweep.id, diagnosticMetricNames(DiagnosticParameters.parse({ valuesPerStep }))],
      );
      const span = await database.query<{ seconds: number }>(
        "select extract(epoch from max(finished_at) - min(started_at))::float8 as seconds from run where sweep_id = $1",
        [sweep.id],
      );
      const committed = Number(points.rows[0]?.points);
      const expected = runs * steps * valuesPerStep;
      if (committed !== expected) throw new Error(`${committed} of ${expected} points are in the database`);
      const seconds = span.rows[0]?.seconds ?? NaN;
      rates.push(committed / seconds);
      rows.push({ round, runs, points: committed, seconds, pointsPerSecond: Math.round(committed / seconds) });
    }
    const figures = { pointsPerSecond: figure(rates, "points/s") };
    return { figures, checks: [atLeast("pointsPerSecond", figures.pointsPerSecond.value, 200_000)], rows, backend: "none" };
  } finally {
    await database.end().catch(() => undefined);
    await stack.stop();
  }
}
