import { call } from "@basin/client";
import { plotArtifactName, plotMediaType, runIdOf, type Configuration, type SweepId } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { copyChunks, copyText, type ChunkRow } from "./dashboard-copy";
import type { WarmStack } from "./warm-stack";

/** What is swept: 10 × 10 × 10 configurations. */
const swept = {
  learningRate: geometric(5e-4, 1.6),
  lawWeight: geometric(2e-4, 1.5),
  sparsityWeight: geometric(1e-6, 2),
} as const;
const configurations = 1000;
const curveMetrics = ["reconstructionLoss", "derivativeLoss", "lawLoss", "validationLoss"] as const;
const stepsPerRun = 200;
/** A trainer sends what it has every so often: a run of some seconds leaves a few chunks. */
const stepsPerChunk = 100;
const outcomes = ["law", "support", "linear", "mixed", "Duffing", "dense", "none", "trivial", "diverged"] as const;
const [lawClass, divergedClass] = [0, 8];
const trainers = Array.from({ length: 8 }, (_, i) => `bench-trainer-${i}`);
const secondsPerPack = 40;
const packWidth = 16;

function geometric(first: number, factor: number): number[] {
  return Array.from({ length: 10 }, (_, i) => Number((first * factor ** i).toPrecision(3)));
}

export interface SeededSweep {
  id: SweepId;
  /** Swept parameters, in the experiment's order of interest. */
  parameters: string[];
  configurations: number;
  runs: number;
  points: number;
  seconds: number;
}

interface MadeRun {
  id: string;
  trial: number;
  seed: number;
  state: "succeeded" | "diverged" | "failed";
  reason: string | null;
  outcome: number;
  /** Of the loss curves: where they end, and the steps in which they fall by a factor of e. */
  floor: number;
  scale: number;
  metrics: Record<string, number | null> | null;
  trainer: string;
  startedAt: number;
  finishedAt: number;
}

/** The sweep that lies in the stack's kept data, or a new one, which is then noted there. */
export async function seededSweep(stack: WarmStack, seeds: number): Promise<SeededSweep & { kept: boolean }> {
  const note = stack.kept === null ? null : join(stack.kept, `bench-dashboard-${seeds}.json`);
  if (note !== null && existsSync(note)) return { ...(JSON.parse(readFileSync(note, "utf8")) as SeededSweep), kept: true };
  const sweep = await seedSweep(stack, seeds);
  if (note !== null) writeFileSync(note, JSON.stringify(sweep));
  return { ...sweep, kept: false };
}

/**
 * A finished sweep of `seeds` runs for each of 1,000 configurations, as it would lie in the ledger after it was trained: trials, runs with their
 * final metrics and equations, attempts, metric chunks (4 curves of 200 steps), and a plot of the equation per run. The spec goes through the
 * API, so that every default is filled in; the rows are copied straight into Postgres. Which law a run finds depends on its
 * configuration and its seed, by made-up rules.
 */
async function seedSweep(stack: WarmStack, seeds: number): Promise<SeededSweep> {
  const began = performance.now();
  const { id } = await call(stack.api, "createSweep", {
    body: {
      name: `${(configurations * seeds).toLocaleString("en")} pendulums`,
      experiment: "sindy-pendulum",
      space: Object.fromEntries(Object.entries(swept).map(([name, values]) => [name, { type: "choice" as const, values }])),
      seeds: { count: seeds },
      // No trainer serves this pool: nothing of it is ever trained.
      pool: "bench-archive",
    },
  });
  while ((await call(stack.api, "getSweep", { params: { sweep: id } })).trialsCreated === 0) await sleep(50);
  await call(stack.api, "pauseSweep", { params: { sweep: id } });
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    const runs = makeRuns(id, seeds);
    await client.query("BEGIN");
    await writeTrials(client, id, seeds);
    await writeRuns(client, id, runs, seeds);
    const points = await copyChunks(client, chunksOf(runs));
    await writeEquations(client, runs);
    await finishSweep(client, id, runs);
    await client.query("COMMIT");
    await client.query("VACUUM (ANALYZE) trial, run, attempt, metric_chunk, artifact, sweep");
    await client.query("CHECKPOINT");
    const seconds = (performance.now() - began) / 1000;
    return { id, parameters: Object.keys(swept), configurations, runs: runs.length, points, seconds };
  } finally {
    await client.end();
  }
}

async function writeTrials(client: pg.Client, sweep: SweepId, seeds: number): Promise<void> {
  const { rows } = await client.query<{ parameters: Configuration; pack_key: string }>(
    "SELECT parameters, pack_key FROM trial WHERE sweep_id = $1 ORDER BY index LIMIT 1",
    [sweep],
  );
  const planned = rows[0];
  if (!planned) throw new Error("the sweep was paused before its first trial was planned");
  await client.query("DELETE FROM run WHERE sweep_id = $1", [sweep]);
  await client.query("DELETE FROM trial WHERE sweep_id = $1", [sweep]);
  await client.query("DELETE FROM pack WHERE sweep_id = $1", [sweep]);
  const columns = ["sweep_id", "index", "parameters", "pack_key", "runs_total", "runs_created", "runs_finished", "reported"];
  const trials = Array.from({ length: configurations }, (_, trial) => {
    const parameters = JSON.stringify({ ...planned.parameters, ...configurationOf(trial) });
    return [sweep, trial, parameters, planned.pack_key, seeds, seeds, seeds, "true"];
  });
  await copyText(client, "trial", columns, trials);
}

const placesOf = (trial: number): [number, number, number] => [Math.floor(trial / 100), Math.floor(trial / 10) % 10, trial % 10];

function configurationOf(trial: number): Configuration {
  const [a, b, c] = placesOf(trial);
  return {
    learningRate: swept.learningRate[a] ?? 0,
    lawWeight: swept.lawWeight[b] ?? 0,
    sparsityWeight: swept.sparsityWeight[c] ?? 0,
  };
}

function makeRuns(sweep: SweepId, seeds: number): MadeRun[] {
  const start = Date.parse("2026-01-05T08:00:00Z");
  const uniform = (trial: number, purpose: string) => randomStream(trial, `bench-dashboard/${purpose}`);
  const runs: MadeRun[] = [];
  for (let trial = 0; trial < configurations; trial += 1) {
    const [a, b, c] = placesOf(trial);
    // Best in the middle of each range, with an interaction between the first two.
    const distance = ((a - 5) / 5) ** 2 + ((b - 4 - 0.3 * (a - 5)) / 5) ** 2 + 0.4 * ((c - 6) / 5) ** 2;
    const [fate, class_, spread, figures] = ["fate", "class", "spread", "figures"].map((name) => uniform(trial, name));
    if (!fate || !class_ || !spread || !figures) throw new Error("four streams are made");
    for (let seed = 0; seed < seeds; seed += 1) {
      const number = trial * seeds + seed;
      const u = fate.uniform(seed);
      const state = u < 0.03 ? "diverged" : u < 0.05 ? "failed" : "succeeded";
      const recovers = class_.uniform(seed) < 0.9 * Math.exp(-1.5 * distance);
      const outcome = state === "diverged" ? divergedClass : recovers ? lawClass : 1 + Math.floor(7 * spread.uniform(seed));
      const floor = 1e-4 * (1 + 6 * distance) * Math.exp(1.2 * (spread.uniform(seed) - 0.5)) * (recovers ? 1 : 3);
      const pack = Math.floor(number / packWidth);
      const startedAt = start + Math.floor(pack / trainers.length) * secondsPerPack * 1000;
      runs.push({
        id: runIdOf(sweep, trial, seed),
        trial,
        seed,
        state,
        reason:
          state === "failed" ? "the trainer was lost three times" : state === "diverged" ? "the loss became infinite" : null,
        outcome,
        floor,
        scale: 12 + 30 * figures.uniform(seed),
        metrics: state === "succeeded" ? finalsOf(outcome, floor, (k) => figures.uniform(seeds * (k + 1) + seed)) : null,
        trainer: trainers[pack % trainers.length] ?? "",
        startedAt,
        finishedAt: startedAt + Math.round((0.7 + 0.3 * figures.uniform(seed)) * secondsPerPack * 1000),
      });
    }
  }
  return runs;
}

function finalsOf(outcome: number, floor: number, uniform: (k: number) => number): Record<string, number | null> {
  const law = outcome === lawClass;
  return {
    outcomeClass: outcome,
    lawRecovered: law ? 1 : 0,
    supportRecovered: outcome <= 1 ? 1 : 0,
    coefficient: -1 + 0.05 * (2 * uniform(0) - 1) * (law ? 1 : 8),
    activeTerms: outcome <= 2 ? 1 : outcome <= 4 ? 2 : Math.floor(3 + 3 * uniform(1)),
    affineR2: 1 - 0.01 * uniform(2) * (law ? 0.05 : 1),
    gaugeScale: 1 + (law ? 0.04 : 0.5) * (2 * uniform(3) - 1),
    gaugeOffset: 0.04 * (2 * uniform(4) - 1),
    fuvX: 20 * floor * (1 + uniform(5)),
    fuvXDot: 30 * floor * (1 + uniform(6)),
    fuvXDDot: 80 * floor * (1 + uniform(7)),
    fuvZDDot: 10 * floor * (1 + uniform(8)),
    periodError: 0.001 + 0.2 * uniform(9) * (law ? 0.05 : 1),
  };
}

const terms = ["1", "z", "z²", "z³", "sin z", "ω", "ω²"];
const latexTerms = ["1", "z", "z^2", "z^3", "\\sin z", "\\omega", "\\omega^2"];
/** Positions in `terms`, by outcome. */
const supports = [[4], [4], [1], [1, 4], [1, 3], [0, 1, 2, 4], [], [0], []];

/** Which terms are left, with their coefficients. */
function lawOf(run: MadeRun): { active: number[]; coefficients: number[]; text: string; latex: string } {
  const active = supports[run.outcome] ?? [];
  const main = run.metrics?.["coefficient"] ?? -1;
  const coefficients = terms.map((_, k) => (active.includes(k) ? (k === 4 ? main : -0.1 * (k + 1)) : 0));
  const sum = (names: readonly string[]) =>
    active.map((k) => `${(coefficients[k] ?? 0).toFixed(2)} ${names[k] ?? ""}`).join(" + ") || "0";
  return { active, coefficients, text: `z̈ = ${sum(terms)}`, latex: `\\ddot z = ${sum(latexTerms)}` };
}

async function writeRuns(client: pg.Client, sweep: SweepId, runs: readonly MadeRun[], seeds: number): Promise<void> {
  const { rows } = await client.query<{ pack_key: string }>("SELECT pack_key FROM trial WHERE sweep_id = $1 LIMIT 1", [sweep]);
  const packKey = rows[0]?.pack_key ?? "";
  const iso = (time: number): string => new Date(time).toISOString();
  const labelsOf = (run: MadeRun): string => {
    if (run.state !== "succeeded") return "{}";
    const { active, text, latex } = lawOf(run);
    const support = `{${active.map((k) => terms[k] ?? "").join(", ")}}`;
    return JSON.stringify({ equation: text, latex, support, outcome: outcomes[run.outcome] ?? "" });
  };
  await copyText(
    client,
    "run",
    "id sweep_id trial_index seed_index seed state attempt pack_key trainer_id objective metrics labels steps reason created_at started_at finished_at".split(
      " ",
    ),
    runs.map((run) => [
      run.id,
      sweep,
      run.trial,
      run.seed,
      run.seed,
      run.state,
      1,
      packKey,
      run.trainer,
      run.metrics?.["fuvZDDot"] ?? null,
      run.metrics === null ? null : JSON.stringify(run.metrics),
      labelsOf(run),
      stepsPerRun,
      run.reason,
      iso(run.startedAt - 1000),
      iso(run.startedAt),
      iso(run.finishedAt),
    ]),
  );
  const packs = Array.from({ length: Math.ceil((configurations * seeds) / packWidth) }, () => randomUUID());
  await copyText(
    client,
    "attempt",
    "run_id number state trainer_id pack_id pack_width reason train_seconds started_at finished_at".split(" "),
    runs.map((run, i) => [
      run.id,
      1,
      run.state,
      run.trainer,
      packs[Math.floor(i / packWidth)] ?? "",
      packWidth,
      run.reason,
      (run.finishedAt - run.startedAt) / 1000 / packWidth,
      iso(run.startedAt),
      iso(run.finishedAt),
    ]),
  );
}

/** Each curve falls exponentially to its floor, with noise of some per cent. */
function* chunksOf(runs: readonly MadeRun[]): Generator<ChunkRow> {
  const noise = new Float64Array(1 << 15);
  randomStream(0, "bench-dashboard/noise").fillUniform(noise);
  for (const [number, run] of runs.entries()) {
    for (const [m, metric] of curveMetrics.entries()) {
      const fall = Math.exp(-1 / (run.scale * (1 + 0.2 * m)));
      let above = 0.5 / (m + 1);
      for (let chunk = 0; chunk * stepsPerChunk < stepsPerRun; chunk += 1) {
        const values = new Float64Array(stepsPerChunk);
        for (let i = 0; i < stepsPerChunk; i += 1) {
          above *= fall;
          const u = noise[(number * 797 + m * 211 + chunk * stepsPerChunk + i) & (noise.length - 1)] ?? 0;
          values[i] = (above + run.floor * (m + 1)) * (1 + 0.2 * (u - 0.5));
        }
        yield { run: run.id, attempt: 1, metric, chunk, firstStep: 1 + chunk * stepsPerChunk, values };
      }
    }
  }
}

async function writeEquations(client: pg.Client, runs: readonly MadeRun[]): Promise<void> {
  const columns = "id run_id attempt name kind media_type bytes sha256 content".split(" ");
  function* rows(): Generator<(string | number)[]> {
    for (const run of runs) {
      if (run.state !== "succeeded") continue;
      const content = Buffer.from(JSON.stringify(equationPlot(run)));
      const sha256 = createHash("sha256").update(content).digest("hex");
      const name = plotArtifactName("equation");
      yield [randomUUID(), run.id, 1, name, "plot", plotMediaType, content.length, sha256, `\\x${content.toString("hex")}`];
    }
  }
  await copyText(client, "artifact", columns, rows());
}

function equationPlot(run: MadeRun): object {
  const { active, coefficients, text, latex } = lawOf(run);
  const flags = terms.map((_, k) => active.includes(k));
  const history = [20, 80, 140, 200].map((step) => ({
    step,
    coefficients: coefficients.map((value, k) =>
      Number((value + (flags[k] === true ? 0.3 : 0.2) * Math.exp(-step / 60)).toPrecision(4)),
    ),
    active: flags.map((flag) => flag || step < 140),
  }));
  return {
    kind: "equation",
    title: "Discovered law",
    text,
    latex,
    truth: { text: "z̈ = −sin z", latex: "\\ddot z = -\\sin z" },
    terms: terms.map((term, k) => ({ text: term, latex: latexTerms[k] ?? term })),
    rows: [{ name: "\\ddot z", coefficients, active: flags, history }],
  };
}

/** Every change of a sweep's runs also changes the sweep's row, which is how readers learn of it. */
async function finishSweep(client: pg.Client, sweep: SweepId, runs: readonly MadeRun[]): Promise<void> {
  const count = (state: MadeRun["state"]): number => runs.filter((run) => run.state === state).length;
  const met = runs.filter((run) => run.metrics?.["lawRecovered"] === 1).length;
  const objective = (run: MadeRun): number => run.metrics?.["fuvZDDot"] ?? Number.POSITIVE_INFINITY;
  const best = runs.reduce((least, run) => (objective(run) < objective(least) ? run : least));
  const times = runs.map((run) => run.finishedAt);
  await client.query(
    `UPDATE sweep SET state = 'completed', trials_created = $2::int, filled_trials = $2::int, trials_planned = $2::int, exhausted = true,
            pending = 0, queued = 0, running = 0, cancelled = 0, succeeded = $3, diverged = $4, failed = $5, met = $6,
            best_run = $7, best_value = $8, created_at = $9::timestamptz, started_at = $9::timestamptz, finished_at = $10::timestamptz
     WHERE id = $1`,
    [
      sweep,
      configurations,
      count("succeeded"),
      count("diverged"),
      count("failed"),
      met,
      best.id,
      objective(best),
      new Date(runs[0]?.startedAt ?? 0).toISOString(),
      new Date(times.reduce((latest, time) => Math.max(latest, time), 0)).toISOString(),
    ],
  );
}
