import { call } from "@basin/client";
import { type RunId, type SweepId, type SweepSpecInput } from "@basin/contracts";
import pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { atLeast, atMost, figure, type Measurement } from "./report";
import { runSweep, startWarmStack, waitForEnd, type WarmStack } from "./warm-stack";

/** Short, so that a step of the pack takes longer than it, as those of the large autoencoders do with the default of 10 s. */
const checkpointSeconds = 0.5;
const width = 8;
/** Two packs of eight on the one slot: the second waits while the first is killed. */
const runs = 2 * width;
const epochs = 8;
/** The trainer is killed the moment this step of every run of the pack is in the database: its checkpoint is hardly on its way. */
const killAtStep = 4;

const spec: SweepSpecInput = {
  experiment: "loss-minimization",
  space: {
    samples: { type: "fixed", value: 60_000 },
    hiddenLayers: { type: "fixed", value: [64, 64] },
    epochs: { type: "fixed", value: epochs },
    batchSize: { type: "fixed", value: 64 },
  },
  seeds: { count: runs },
  maxPackWidth: width,
};

interface KilledRun {
  run: RunId;
  /** The last step whose figures reached the database before the kill, and the one that the next attempt continued from. */
  reached: number;
  resumedFrom: number;
}

/**
 * `kill -9` of a trainer in the middle of a pack of eight whose steps are longer than the interval between checkpoints: how many steps
 * of a run are trained a second time (the worst of all runs), and whether the results are those of an undisturbed sweep to the last bit.
 */
export async function recovery({ quick }: { quick: boolean }): Promise<Measurement> {
  const stack = await startWarmStack({ env: { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: String(checkpointSeconds) } });
  const database = new pg.Client({ connectionString: stack.databaseUrl });
  try {
    await database.connect();
    const { sweep } = await runSweep(stack.api, spec);
    const undisturbed = await resultsOf(database, sweep.id);
    const stepSeconds = await secondsPerStep(database, sweep.id);
    const rows: Record<string, unknown>[] = [{ what: "undisturbed", stepSeconds, checkpointSeconds }];
    const worstLosses: number[] = [];
    let equal = 0;
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const { id, killed } = await killedSweep(stack, database);
      const results = await resultsOf(database, id);
      equal += [...undisturbed].filter(([place, result]) => results.get(place) === result).length;
      worstLosses.push(Math.max(...killed.map(({ reached, resumedFrom }) => reached - resumedFrom)));
      rows.push({ round, killed });
    }
    const rounds = worstLosses.length;
    const figures = {
      lostStepsAtKill: { ...figure(worstLosses, "steps"), value: Math.max(...worstLosses) },
      stepSeconds: figure([stepSeconds], "s"),
      runsEqualToUndisturbed: figure([equal / rounds], `of ${runs} runs`),
    };
    return {
      figures,
      checks: [
        atLeast("stepSeconds, longer than the interval", stepSeconds, checkpointSeconds),
        atMost("lostStepsAtKill", figures.lostStepsAtKill.value, 2),
        atLeast("runsEqualToUndisturbed", equal / rounds, runs),
      ],
      rows,
      backend: "wasm",
    };
  } finally {
    await database.end().catch(() => undefined);
    await stack.stop();
  }
}

async function killedSweep(stack: WarmStack, database: pg.Client): Promise<{ id: SweepId; killed: KilledRun[] }> {
  const trainer = (await stack.processes()).find(({ command }) => command.includes("apps/trainer/dist/main.js"));
  if (!trainer) throw new Error("the stack has no trainer process");
  const { id } = await call(stack.api, "createSweep", { body: spec });
  for (;;) {
    const reached = await reachedSteps(database, id);
    if (reached.size >= width && [...reached.values()].every((step) => step >= killAtStep)) break;
    await sleep(10);
  }
  process.kill(trainer.pid, "SIGKILL");
  // What had left the trainer is stored within moments.
  await sleep(300);
  const reached = await reachedSteps(database, id);
  const sweep = await waitForEnd(stack.api, id);
  if (sweep.counts.succeeded !== runs) throw new Error(`${sweep.counts.succeeded} of ${runs} runs succeeded after the kill`);
  const { rows } = await database.query<{ run: RunId; step: number | null }>(
    `SELECT run_id AS run, resumed_from_step AS step FROM attempt
     WHERE number = 2 AND run_id IN (SELECT id FROM run WHERE sweep_id = $1) ORDER BY run_id`,
    [id],
  );
  const killed = rows.map(({ run, step }) => ({ run, reached: reached.get(run) ?? 0, resumedFrom: step ?? 0 }));
  if (killed.length !== width) throw new Error(`${killed.length} runs were trained a second time, not the ${width} of one pack`);
  return { id, killed };
}

/** The last step of each run's first attempt that is in the database. */
async function reachedSteps(database: pg.Client, sweep: SweepId): Promise<Map<RunId, number>> {
  const { rows } = await database.query<{ run: RunId; step: number }>(
    `SELECT run_id AS run, max(s) AS step FROM metric_chunk, unnest(steps) AS s
     WHERE attempt = 1 AND run_id IN (SELECT id FROM run WHERE sweep_id = $1) GROUP BY run_id`,
    [sweep],
  );
  return new Map(rows.map(({ run, step }) => [run, step]));
}

/** Final figures and hash of the weights of each run, by its place in the sweep. */
async function resultsOf(database: pg.Client, sweep: SweepId): Promise<Map<string, string>> {
  const { rows } = await database.query<{ place: string; result: string }>(
    `SELECT r.trial_index || '-' || r.seed_index AS place, r.metrics::text || ' ' || a.sha256 AS result
     FROM run r JOIN artifact a ON a.run_id = r.id AND a.attempt = r.attempt AND a.kind = 'weights' WHERE r.sweep_id = $1`,
    [sweep],
  );
  if (rows.length !== runs) throw new Error(`${rows.length} of ${runs} runs have weights`);
  return new Map(rows.map(({ place, result }) => [place, result]));
}

async function secondsPerStep(database: pg.Client, sweep: SweepId): Promise<number> {
  const { rows } = await database.query<{ seconds: number }>(
    `SELECT avg(train_seconds) / $2::float8 AS seconds FROM attempt
     WHERE run_id IN (SELECT id FROM run WHERE sweep_id = $1)`,
    [sweep, epochs],
  );
  return rows[0]?.seconds ?? Number.NaN;
}
