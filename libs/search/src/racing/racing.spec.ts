import { Initializations } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { chiSquareTail, friedman } from "./f-race";
import { raceStep, type RaceAction, type RacedTrial, type RaceSettings } from "./race-step";
import { findRaceRule, raceRules } from "./registry";
import { pairedWins, pairsToDecide, signEValue } from "./sign-e-process";

const ruleOf = (id: string): RaceSettings["rule"] => {
  const rule = findRaceRule(id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return rule;
};

interface Raced {
  runs: number;
  rounds: RaceAction[][];
  incumbent: number | null;
  seeds: number[];
}

/** Races trials to the end; the value of a run is a function of trial and seed. */
function race(settings: RaceSettings, count: number, value: (trial: number, seed: number) => number | null, order = 1): Raced {
  const given = new Array<number>(count).fill(settings.min);
  const open = new Set(given.keys());
  const rounds: RaceAction[][] = [];
  let incumbent: number | null = null;
  const raced = (trial: number): RacedTrial => {
    const runs = Array.from({ length: given[trial] ?? 0 }, (_, initialization) => {
      const one = value(trial, initialization);
      return { initialization, value: one, outcome: one === null ? ("diverged" as const) : ("succeeded" as const) };
    });
    return { trial, given: given[trial] ?? 0, runs: order < 0 ? runs.reverse() : runs };
  };
  for (let round = 0; open.size > 0; round++) {
    if (round > 200) throw new Error("the race does not end");
    const before: number | null = incumbent;
    const actions = raceStep(settings, [...open].map(raced), before === null ? null : raced(before), count);
    if (actions.length === 0) throw new Error("nothing was decided");
    rounds.push(actions);
    for (const action of actions) {
      if (action.type === "add-initializations") given[action.trial] = action.to;
      else if (action.type === "incumbent") incumbent = action.trial;
      else open.delete(action.trial);
    }
  }
  return { runs: given.reduce((sum, one) => sum + one, 0), rounds, incumbent, seeds: given };
}

const noisy = (trial: number, seed: number): number =>
  trial / 10 + 0.1 * randomStream(trial, "race/spec").normal(seed) + 0.05 * randomStream(0, "race/common").normal(seed);

describe.each(raceRules)("$id", (rule) => {
  const settings: RaceSettings = { rule, min: 2, max: 16, alpha: 0.05, direction: "minimize" };

  test("finds the best of twelve with fewer runs than all of them, and says why it stopped each", () => {
    const { runs, incumbent, rounds, seeds } = race(settings, 12, noisy);
    expect(incumbent).toBe(0);
    expect(seeds[0]).toBe(16);
    expect(runs).toBeLessThan(12 * 16);
    for (const action of rounds.flat()) if (action.type === "stop-trial") expect(action.reason).toMatch(/\d/);
  });

  test("does the same whatever the order in which results are listed, and with the direction turned", () => {
    const forwards = race(settings, 8, noisy);
    expect(race(settings, 8, noisy, -1)).toEqual(forwards);
    const turned = race({ ...settings, direction: "maximize" }, 8, (trial, seed) => -noisy(trial, seed));
    expect(turned.seeds).toEqual(forwards.seeds);
  });

  test("trains one configuration, equal ones and hopeless ones to an end", () => {
    expect(race(settings, 1, noisy)).toMatchObject({ runs: 16, incumbent: 0 });
    expect(race(settings, 5, () => 1).incumbent).toBe(0);
    expect(race(settings, 5, () => null).incumbent).toBe(0);
    expect(race({ ...settings, min: 16 }, 3, noisy)).toMatchObject({ runs: 48, incumbent: 0 });
  });

  test("a configuration whose runs diverge does not win", () => {
    expect(race(settings, 4, (trial, seed) => (trial === 0 ? null : noisy(trial, seed))).incumbent).toBe(1);
  });
});

test("a sweep can ask for every rule, and for no other", () => {
  expect(raceRules.map(({ id }) => id)).toEqual(Initializations.shape.race.unwrap().options);
});

test("forgiving trains the best of the first round from all seeds before it stops another, and measures means against its worst", () => {
  const { rounds } = race({ rule: ruleOf("forgiving"), min: 2, max: 5, alpha: 0.05, direction: "minimize" }, 3, (trial, seed) =>
    trial === 0 ? seed : trial === 1 ? 3.9 : 4.1,
  );
  // Trial 0 has 0 … 4: trial 1 is worse in the mean and not worse than its worst.
  expect(rounds[0]).toEqual([{ type: "add-initializations", trial: 0, to: 5 }]);
  expect(rounds[1]).toEqual([
    { type: "complete-trial", trial: 0, mean: 2 },
    { type: "incumbent", trial: 0 },
    { type: "add-initializations", trial: 1, to: 3 },
    { type: "stop-trial", trial: 2, initializations: 2, reason: "its mean of 4.1 over 2 is worse than the worst of trial 0, 4" },
  ]);
});

test("halving costs what is known beforehand", () => {
  expect(
    race({ rule: ruleOf("halving"), min: 2, max: 16, alpha: 0.05, direction: "minimize" }, 8, noisy).seeds.toSorted(),
  ).toEqual([16, 2, 2, 2, 2, 4, 4, 8].toSorted());
});

test("Friedman's test is what its formula gives, and the tail of χ² what tables have", () => {
  for (const [x, degrees] of [
    [3.841458820694124, 1],
    [5.991464547107979, 2],
    [7.814727903251179, 3],
    [18.307038053275146, 10],
  ] as const)
    expect(chiSquareTail(x, degrees)).toBeCloseTo(0.05, 12);
  // Three of six blocks ranked alike: 12/(nk(k+1))·ΣR² − 3n(k+1) without ties, by hand.
  const blocks = [
    [1, 2, 3],
    [1, 2, 3],
    [1, 2, 3],
    [2, 1, 3],
    [1, 3, 2],
    [1, 2, 3],
  ];
  const found = friedman([0, 1, 2].map((racer) => ({ losses: blocks.map((block) => block[racer] ?? 0) })));
  expect(found?.rankSums).toEqual([7, 12, 17]);
  const statistic = (12 / (6 * 3 * 4)) * (49 + 144 + 289) - 3 * 6 * 4;
  expect(found?.p).toBeCloseTo(Math.exp(-statistic / 2), 12);
  expect(friedman([{ losses: [1, 1] }, { losses: [1, 1] }])).toBeNull();
});

describe("the e-process of signs", () => {
  test("reaches 20 with the wins that are known of it", () => {
    const needed = [6, 12, 16, 20, 32].map((pairs) => {
      let wins = 0;
      while (signEValue(wins, pairs) < 20) wins += 1;
      return wins;
    });
    expect(needed).toEqual([6, 11, 14, 17, 25]);
  });

  test("is a martingale of mean 1 under a fair coin, and equals the closed form without losses", () => {
    for (const pairs of [0, 1, 7, 40]) {
      for (const wins of [0, Math.floor(pairs / 2), pairs]) {
        const next = (signEValue(wins, pairs + 1) + signEValue(wins + 1, pairs + 1)) / 2;
        expect(next / signEValue(wins, pairs)).toBeCloseTo(1, 9);
      }
    }
    // (4/π) ∫ 2 sin²θ dθ over [π/4, π/2] = 1 + 2/π.
    expect(signEValue(1, 1)).toBeCloseTo(1 + 2 / Math.PI, 10);
  });

  test("in 2,000 races between equals with 300 looks, one of them is stopped in 5 % or fewer", () => {
    const rule = ruleOf("anytime-valid");
    // What `stopped` asks for two racers; by table, since the rule itself at each of 600,000 looks takes a minute.
    const bound = (2 * 1) / 0.05;
    let wins = 1;
    const decisive = Array.from({ length: 301 }, (_, pairs) => {
      while (wins <= pairs && signEValue(wins, pairs) < bound) wins += 1;
      return wins;
    });
    let wrong = 0;
    for (let one = 0; one < 2000; one++) {
      const draw = randomStream(one, "race/equals");
      let wins = 0;
      for (let pairs = 1; pairs <= 300; pairs++) {
        if (draw.uniform(pairs) < 0.5) wins += 1;
        if (Math.max(wins, pairs - wins) < (decisive[pairs] ?? Infinity)) continue;
        wrong += 1;
        const losses = (mine: number): number[] => Array.from({ length: pairs }, (_, i) => (i < mine ? 0 : 1));
        const racers = [
          { trial: 0, losses: losses(wins) },
          { trial: 1, losses: losses(wins).map((loss) => 1 - loss) },
        ];
        expect(rule.stopped({ racers, begun: 2, incumbent: null, seeds: pairs, min: 2, max: 300, alpha: 0.05 }).size).toBe(1);
        break;
      }
    }
    expect(wrong / 2000).toBeLessThanOrEqual(0.05);
    expect(wrong).toBeGreaterThan(0);
  });

  test("says how many more pairs decide", () => {
    expect(pairsToDecide(8, 10, 20)).toBeGreaterThan(10);
    const needed = pairsToDecide(8, 10, 20) ?? 0;
    expect(signEValue(Math.round(0.8 * needed), needed)).toBeGreaterThanOrEqual(20);
    expect(signEValue(Math.round(8 + 0.8 * (needed - 11)), needed - 1)).toBeLessThan(20);
    expect(pairsToDecide(25, 32, 20)).toBe(32);
    expect(pairsToDecide(5, 10, 20)).toBeNull();
    expect(pairsToDecide(501, 1000, 20)).toBeNull();
    expect(pairedWins([1, 2, Number.NaN, 3, 4], [2, 1, 0, 3])).toEqual({ wins: 1, pairs: 2 });
  });
});
