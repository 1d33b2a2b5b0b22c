import { Space, type Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { conformanceChecks } from "../conformance";
import { nsgaII } from "../nsga-ii";
import { openSearch } from "../open-search";
import { random } from "../random";
import type { SearchAlgorithm, SearchInput } from "../search-algorithm";
import { SearchRecord } from "../search-history";
import { tpe } from "../tpe";
import { TrialLosses } from "../trial-losses";
import { greedySubset, hypervolume, referenceOf } from "./hypervolume";
import { crowdingDistances, nonDominationRanks } from "./ranks";
import { splitFronts } from "./split-front";

const cloud = (n: number, m: number, seed: number): Float64Array[] =>
  Array.from({ length: n }, (_, i) => {
    const point = new Float64Array(m);
    randomStream(seed, "pareto/spec", i).fillUniform(point);
    return point;
  });

describe("ranks and volumes", () => {
  test("ranks are those of taking one front after the other away", () => {
    const points = [...cloud(60, 3, 1), ...cloud(60, 2, 2).map((p) => Float64Array.of(p[0] ?? 0, p[1] ?? 0, 0.5))];
    const ranks = nonDominationRanks(points);
    const lower = (a: Float64Array, b: Float64Array): boolean =>
      a.every((x, m) => x <= (b[m] ?? 0)) && a.some((x, m) => x < (b[m] ?? 0));
    let left = [...points.keys()];
    for (let rank = 0; left.length > 0; rank++) {
      const front = left.filter((i) => !left.some((j) => lower(points[j]!, points[i]!)));
      expect([...points.keys()].filter((i) => ranks[i] === rank)).toEqual(front);
      left = left.filter((i) => !front.includes(i));
    }
  });

  test("crowding is the sum of the gaps to the neighbours", () => {
    const distances = crowdingDistances([
      [0, 4],
      [1, 2],
      [4, 0],
    ]);
    expect([...distances]).toEqual([Infinity, 1 + 1, Infinity]);
    expect([
      ...crowdingDistances([
        [1, 1],
        [1, 1],
      ]),
    ]).toEqual([0, 0]);
  });

  test.each([1, 2, 3])("a volume in %i dimensions is that of inclusion and exclusion", (m) => {
    const points = cloud(7, m, 5 + m);
    const reference = new Float64Array(m).fill(0.9);
    // Σ over subsets: the boxes' common part has the greatest of each coordinate.
    let expected = 0;
    for (let subset = 1; subset < 1 << points.length; subset++) {
      const those = points.filter((_, i) => (subset >> i) & 1);
      const sign = those.length % 2 === 1 ? 1 : -1;
      const sides = Array.from({ length: m }, (_, k) => Math.max(0, 0.9 - Math.max(...those.map((p) => p[k] ?? 0))));
      expected += sign * sides.reduce((product, side) => product * side, 1);
    }
    expect(hypervolume(points, reference)).toBeCloseTo(expected, 12);
  });

  test("the greedy subset adds most at each step", () => {
    const points = cloud(25, 2, 9);
    const reference = referenceOf(points);
    const chosen = greedySubset(points, reference, 6);
    const volume = (those: readonly number[]): number =>
      hypervolume(
        those.map((i) => points[i]!),
        reference,
      );
    for (let k = 0; k < chosen.length; k++) {
      const before = chosen.slice(0, k);
      const best = Math.max(...[...points.keys()].map((i) => volume([...before, i])));
      expect(volume(chosen.slice(0, k + 1))).toBeCloseTo(best, 12);
    }
  });

  test("the better tenth are the first fronts, and what says nothing is in neither part", () => {
    const losses: (Float64Array | null)[] = cloud(40, 2, 3);
    losses[7] = null;
    losses[9] = null;
    const { below, above } = splitFronts(losses, (i) => i === 9);
    expect(below).toHaveLength(4);
    expect([...below, ...above].sort((a, b) => a - b)).toEqual([...losses.keys()].filter((i) => i !== 9));
    expect([...above]).toContain(7);
    const ranks = nonDominationRanks(losses.flatMap((one) => one ?? []));
    const told = [...losses.keys()].filter((i) => losses[i] !== null);
    const rankOf = (i: number): number => ranks[told.indexOf(i)] ?? 0;
    const worst = Math.max(...[...below].map(rankOf));
    expect([...above].filter((i) => losses[i] !== null).every((i) => rankOf(i) >= worst)).toBe(true);
  });
});

const space = Space.parse(Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, { type: "float", min: 0, max: 1 }])));
/** ZDT2 (E. Zitzler et al., 2000) in five dimensions, to be minimized; the second with its sign turned where it is to be maximized. */
function zdt2(parameters: Configuration): [number, number] {
  const x = ["a", "b", "c", "d", "e"].map((name) => Number(parameters[name]));
  const first = x[0] ?? 0;
  const g = 1 + (9 / 4) * x.slice(1).reduce((sum, value) => sum + value, 0);
  return [first, g * (1 - (first / g) ** 2)];
}

function frontVolume(algorithm: SearchAlgorithm, config: object, trials: number, seed: number): number {
  const input: SearchInput<unknown> = {
    space,
    config: algorithm.configSchema.parse({ trials, ...config }),
    seed,
    direction: "minimize",
    others: ["maximize"],
  };
  const record = new SearchRecord();
  let state = algorithm.init(input);
  while (record.trials.length < trials) {
    const first = record.trials.length;
    const answer = algorithm.next(input, state, { type: "capacity", trials }, record);
    state = answer.state;
    for (const action of answer.actions) if (action.type === "create-trial") record.create(action.parameters);
    const told = record.trials.slice(first).map(({ parameters }, i) => {
      const [value, other] = zdt2(parameters);
      return {
        trial: first + i,
        ended: true,
        runs: [{ initialization: 0, value, others: [-other], outcome: "succeeded" as const }],
      };
    });
    const event = { type: "results" as const, trials: told };
    record.tell(event);
    if (algorithm.listensToResults) state = algorithm.next(input, state, event, record).state;
  }
  return hypervolume(
    record.trials.map(({ parameters }) => zdt2(parameters)),
    [1.1, 11],
  );
}

describe("searches for two objectives", () => {
  const volumeOf = (algorithm: SearchAlgorithm, config: object): number =>
    [1, 2, 3].reduce((sum, seed) => sum + frontVolume(algorithm, config, 300, seed) / 3, 0);
  const drawn = volumeOf(random, {});

  test.each([
    ["nsga-ii", nsgaII as SearchAlgorithm, { population: 15 }],
    ["tpe", tpe as SearchAlgorithm, {}],
  ])("%s finds two fifths of what random draws leave out of the true front's volume", (_, algorithm, config) => {
    // Up to (1.1, 11), of the front f₂ = 1 − f₁²: ∫₀¹ (10 + x²) dx + 0.1 · 11.
    const whole = 10 + 1 / 3 + 1.1;
    expect(volumeOf(algorithm, config)).toBeGreaterThan(drawn + 0.4 * (whole - drawn));
  });

  test.each(
    [nsgaII as SearchAlgorithm, tpe as SearchAlgorithm].flatMap((algorithm) => {
      const config = algorithm.configSchema.parse({
        trials: 22,
        ...(algorithm.id === "tpe" ? { startup: 4 } : { population: 5 }),
      });
      const input: SearchInput<unknown> = { space, config, seed: 4, direction: "minimize", others: ["maximize", "minimize"] };
      return conformanceChecks(algorithm, input).map((check) => [algorithm.id, check.name, check] as const);
    }),
  )("%s with three: %s", (_, __, check) => {
    check.run();
  });

  test("more objectives than an algorithm takes are refused, with those that take them", () => {
    const spec = { space, search: { algorithm: "gp", seed: 0, config: { trials: 20 } } };
    expect(openSearch(spec, "minimize", ["minimize"]).issues).toEqual([
      {
        path: "objectives",
        message: "Gaussian process searches for one objective, and there are 2",
        hint: "use one of grid, auto, random, sobol, halton, tpe, nsga-ii, listed",
      },
    ]);
  });
});

test("what breaks constraints on metrics is worse than all that does not, the more the worse", () => {
  const record = new SearchRecord();
  for (const a of [0.1, 0.2, 0.3, 0.4]) record.create({ a });
  const run = (value: number | null, violation?: number) => ({
    initialization: 0,
    value,
    ...(violation ? { violation } : {}),
    outcome: "succeeded" as const,
  });
  const runs = [run(3), run(null, 2), run(1), run(null, 0.5)];
  record.tell({ type: "results", trials: runs.map((one, trial) => ({ trial, ended: true, runs: [one] })) } as { type: string });
  const losses = new TrialLosses("minimize");
  losses.update(record.trials);
  const [worst, much, best, little] = losses.of(4);
  expect([worst, best]).toEqual([3, 1]);
  expect(much).toBeCloseTo(3 + 2 * (2 / 3), 12);
  expect(little).toBeCloseTo(3 + 2 * (1 / 3), 12);
});
