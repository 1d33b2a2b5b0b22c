import { call, type Sweep } from "@basin/contracts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";
import { cnnCase, mlpCase, sindyCase, type PeerCase } from "./peer-cases";
import { peerVersions, preparePeers, runPeer } from "./peer-environment";
import { atLeast, figure, type Measurement } from "./report";
import { sleeps } from "./sleeps";
import { runSweep, startWarmStack, type WarmStack } from "./warm-stack";

const TorchAnswer = z.object({ seconds: z.number(), losses: z.array(z.number()) });
const JaxAnswer = z.object({ compileSeconds: z.number(), seconds: z.number(), losses: z.array(z.number()) });

interface Round {
  basin: number;
  torch: number;
  jax: number;
  jaxWithCompilation: number;
}

/** Equal work is taken as shown when the mean final losses agree within this factor: the random numbers differ. */
const lossFactor = 1.5;

/**
 * Basin, warm, from submit to the last commit, against Optuna with Postgres storage and two PyTorch workers, and against one JAX
 * program, on the same samples; the sides take turns within each round. A ratio of 10 means ten times as fast as the peer.
 */
export async function peers({ quick }: { quick: boolean }): Promise<Measurement> {
  await preparePeers();
  const stack = await startWarmStack();
  const folder = await mkdtemp(join(tmpdir(), "basin-peers-"));
  try {
    const measurement: Measurement = { figures: {}, checks: [], rows: [{ peers: await peerVersions() }], backend: "wasm" };
    for (const one of [mlpCase(quick), sindyCase(quick), cnnCase(quick)])
      await compare(stack, folder, one, quick ? 1 : 3, measurement);
    await growth(stack, quick, measurement);
    return await withSleeps(measurement, quick);
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function withSleeps(measurement: Measurement, quick: boolean): Promise<Measurement> {
  const { figures, checks, rows } = await sleeps({ quick });
  return {
    ...measurement,
    figures: { ...measurement.figures, ...figures },
    checks: [...measurement.checks, ...checks],
    rows: [...measurement.rows, ...rows],
  };
}

async function compare(stack: WarmStack, folder: string, one: PeerCase, rounds: number, into: Measurement): Promise<void> {
  const settings = one.prepare(folder);
  const seeds = Array.from({ length: one.runs }, (_, i) => i);
  const job = { ...settings, case: one.name, folder, seeds };
  // Takes what is loaded once out of the measurement, as the peers' own warm-up does.
  await runSweep(stack.api, { ...one.sweep, seeds: { count: 2, first: 1000 } });
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const { sweep, submittedAt, endedAt } = await runSweep(stack.api, one.sweep);
    const basin = (endedAt - submittedAt) / 1000;
    const torch = TorchAnswer.parse(await torchAnswer(stack, folder, job, { report: false }));
    const jaxFile = join(folder, `${one.name}-jax.json`);
    await writeFile(jaxFile, JSON.stringify(job));
    const jax = JaxAnswer.parse(await runPeer("jax_vmap.py", jaxFile));
    const times = { basin, torch: torch.seconds, jax: jax.seconds, jaxWithCompilation: jax.seconds + jax.compileSeconds };
    measured.push(times);
    const losses = {
      basin: await meanLoss(stack.api, sweep.id, one.lossMetric),
      torch: mean(torch.losses),
      jax: mean(jax.losses),
    };
    for (const peer of ["torch", "jax"] as const) {
      const ratio = losses[peer] / losses.basin;
      into.checks.push({
        name: `${one.name}: equal work as ${peer}, round ${round} (mean final loss over Basin's)`,
        want: `between ${(1 / lossFactor).toFixed(2)} and ${lossFactor}`,
        got: Number.isFinite(ratio) ? ratio : null,
        met: ratio > 1 / lossFactor && ratio < lossFactor,
      });
    }
    into.rows.push({ case: one.name, title: one.title, round, ...seconds(times), losses });
  }
  const over = (side: Exclude<keyof Round, "basin">) =>
    figure(
      measured.map((round) => round[side] / round.basin),
      "times as fast",
    );
  const figures = { torch: over("torch"), jax: over("jax"), compiled: over("jaxWithCompilation") };
  into.figures[`${one.name}OverPyTorchOptuna`] = figures.torch;
  into.figures[`${one.name}OverJax`] = figures.compiled;
  into.figures[`${one.name}OverJaxWithoutCompilation`] = figures.jax;
  into.checks.push(
    atLeast(`${one.name}OverPyTorchOptuna`, figures.torch.value, one.wanted.torch),
    atLeast(`${one.name}OverJax`, figures.compiled.value, one.wanted.jax),
    atLeast(`${one.name}OverJaxWithoutCompilation`, figures.jax.value, one.wanted.jax),
  );
  if (one.name !== "mlp") return;
  // What the scripts of tutorials do: a DataLoader, and every epoch's loss reported to the study.
  const loader = TorchAnswer.parse(await torchAnswer(stack, folder, { ...job, case: "mlp-loader" }, { report: true }));
  const basin =
    figure(
      measured.map((round) => round.basin),
      "s",
    ).value ?? Number.NaN;
  into.figures["mlpOverPyTorchDataLoader"] = figure([loader.seconds / basin], "times as fast");
}

let studies = 0;

/** Optuna in a database of its own on the stack's Postgres. */
async function torchAnswer(stack: WarmStack, folder: string, job: object, { report }: { report: boolean }): Promise<unknown> {
  const workers = 2;
  const seeds = "seeds" in job && Array.isArray(job.seeds) ? job.seeds.length : 0;
  if (seeds % workers !== 0) throw new RangeError(`${seeds} seeds cannot be shared evenly by ${workers} workers`);
  const study = `study_${++studies}`;
  await administer(stack.databaseUrl, `CREATE DATABASE ${study}`);
  const storage = stack.databaseUrl.replace(/^postgresql:/, "postgresql+psycopg2:").replace(/\/[^/]*$/, `/${study}`);
  const file = join(folder, `${study}.json`);
  await writeFile(file, JSON.stringify({ ...job, study, storage, workers, trialsPerWorker: seeds / workers, report }));
  return runPeer("optuna_torch.py", file);
}

async function administer(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** D: how the time per run falls as packs grow wider. One pack, one core: the other slot has nothing to do. */
async function growth(stack: WarmStack, quick: boolean, into: Measurement): Promise<void> {
  const epochs = quick ? 4 : 20;
  const samples: Record<number, number> = {};
  for (const width of [1, 2, 4, 8, 16, 32, 64]) {
    const spec = mlpCase(true).sweep;
    const { sweep } = await runSweep(stack.api, {
      ...spec,
      space: { ...spec.space, epochs: { type: "fixed", value: epochs } },
      seeds: { count: 2 * width },
      maxPackWidth: width,
    });
    const { items } = await call(stack.api, "listRuns", { params: { sweep: sweep.id }, query: { limit: 2 } });
    const [run] = items;
    const detail = run ? await call(stack.api, "getRun", { params: { run: run.id } }) : null;
    const attempt = detail?.attempts.at(-1);
    if (!attempt?.finishedAt) throw new Error("a finished run has no finished attempt");
    const trained = (Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt)) / attempt.packWidth / epochs;
    samples[width] = trained;
    into.rows.push({ case: "growth", packWidth: attempt.packWidth, millisecondsPerEpochAndRun: trained });
  }
  const alone = samples[1];
  const wide = samples[64];
  if (alone !== undefined && wide !== undefined) into.figures["packOf64OverOneByOne"] = figure([alone / wide], "times as fast");
}

/** Mean over the runs of the last value of a series. */
async function meanLoss(api: string, sweep: Sweep["id"], metric: string): Promise<number> {
  const { runs } = await call(api, "getSweepSeries", { params: { sweep }, query: { metric, limit: 1000 } });
  const last = runs.map(({ series }) => series[0]?.values.at(-1) ?? Number.NaN);
  return mean(last);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function seconds({ basin, torch, jax, jaxWithCompilation }: Round): Record<string, number> {
  const sides = { basin, torch, jax, jaxWithCompilation };
  return Object.fromEntries(Object.entries(sides).map(([side, value]) => [`${side}Seconds`, Number(value.toFixed(3))]));
}
