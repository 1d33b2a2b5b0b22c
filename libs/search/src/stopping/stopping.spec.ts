import { Stopping } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { findStoppingRule, stoppingRules } from "./registry";
import { StoppingRecord, type ReportsEvent, type StopAction } from "./stopping-record";

const ruleOf = (id: string) => {
  const rule = findStoppingRule(id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return rule;
};
const configOf = (given: object): Stopping => Stopping.parse({ threshold: 1.4, ...given });

/** Curves that fall from 1 to a level of their trial; the levels of the trials ascend. */
const valueAt = (trial: number, initialization: number, rung: number): number =>
  trial / 10 + 0.6 ** rung + 0.01 * randomStream(trial, "stopping/spec").normal(initialization);

interface Replayed {
  events: ReportsEvent[];
  actions: StopAction[][];
  stopped: Set<string>;
}

/** Trains trials side by side, rung by rung, in an order drawn from `seed`; what is stopped reports no more. */
function train(record: StoppingRecord, trials: number, seeds: number, rungs: number, seed: number | null): Replayed {
  const events: ReportsEvent[] = [];
  const actions: StopAction[][] = [];
  const stopped = new Set<string>();
  const gone = (trial: number, initialization: number): boolean =>
    stopped.has(`${trial} ${initialization}`) || stopped.has(`${trial} null`);
  const tell = (event: ReportsEvent): void => {
    events.push(structuredClone(event));
    const answer = record.tell(event);
    actions.push(answer);
    for (const { trial, initialization } of answer) stopped.add(`${trial} ${initialization}`);
  };
  const draw = seed === null ? null : randomStream(seed, "stopping/order");
  for (let rung = 0; rung <= rungs; rung++) {
    const runs = Array.from({ length: trials * seeds }, (_, i) => [Math.floor(i / seeds), i % seeds] as const)
      .map(([trial, initialization], i) => ({ trial, initialization, key: draw ? draw.uniform(rung * 1000 + i) : i }))
      .sort((a, b) => a.key - b.key);
    for (const { trial, initialization } of runs) {
      if (gone(trial, initialization)) continue;
      const reports = rung < rungs ? [{ trial, initialization, rung, value: valueAt(trial, initialization, rung) }] : [];
      tell({ type: "reports", reports, ended: rung < rungs ? [] : [{ trial, initialization }] });
    }
  }
  return { events, actions, stopped };
}

describe.each(stoppingRules)("$id", (rule) => {
  test("names rungs in order, below the last step, for runs of any length", () => {
    for (const lastStep of [1, 2, 3, 10, 17, 1000, 100_000]) {
      const rungs = rule.rungs(configOf({ rule: rule.id }), lastStep);
      expect(rungs).toEqual([...new Set(rungs)].sort((a, b) => a - b));
      for (const step of rungs) expect(step >= 1 && step < lastStep).toBe(true);
      if (lastStep >= 10) expect(rungs.length).toBeGreaterThan(1);
    }
  });

  test.each(["run", "trial"] as const)("told its events again it decides the same, by %s", (by) => {
    const config = configOf({ rule: rule.id, by });
    const make = (): StoppingRecord => new StoppingRecord(rule, config, [1, 2, 4, 8], 2);
    for (const seed of [null, 1, 2]) {
      const { events, actions } = train(make(), 12, 2, 4, seed);
      const again = make();
      expect(events.map((event) => again.tell(JSON.parse(JSON.stringify(event)) as ReportsEvent))).toEqual(actions);
      for (const action of actions.flat()) expect(action.reason).toMatch(/\d/);
      for (const { initialization } of actions.flat()) expect(initialization === null).toBe(by === "trial");
    }
  });

  test("never stops the best, and nothing twice", () => {
    const config = configOf({ rule: rule.id });
    const { stopped, actions } = train(new StoppingRecord(rule, config, [1, 2, 4, 8], 1), 12, 1, 4, null);
    expect(stopped.has("0 0")).toBe(false);
    expect(actions.flat().length).toBe(stopped.size);
  });
});

test("a sweep can ask for every rule, and for no other", () => {
  expect(stoppingRules.map(({ id }) => id)).toEqual(Stopping.shape.rule.options);
});

test("asha keeps the first, then the best third of those that came to a rung", () => {
  const record = new StoppingRecord(ruleOf("asha"), configOf({ rule: "asha" }), [1, 3], 1);
  const reports = [5, 4, 6, 3, 7, 2].map((value, trial) => record.tell(report(trial, 0, value)));
  expect(reports.map((answer) => answer.length)).toEqual([0, 0, 1, 0, 1, 0]);
  expect(reports[2]?.[0]?.reason).toBe("6 at step 1 is number 3 of 3, and the best 1 go on");
});

test("the percentile is of what finished runs reported at the same rung", () => {
  const record = new StoppingRecord(ruleOf("percentile"), configOf({ rule: "percentile", startup: 3 }), [1, 2], 1);
  for (const [trial, value] of [1, 2, 3].entries()) {
    record.tell(report(trial, 0, value));
    record.tell(report(trial, 1, value / 2));
    record.tell({ type: "reports", reports: [], ended: [{ trial, initialization: 0 }] });
  }
  expect(record.tell(report(3, 0, 1.9))).toEqual([]);
  // Its best so far, not its last, is held against the median of 0.5, 1 and 1.5.
  expect(record.tell(report(3, 1, 1.1))[0]?.reason).toBe(
    "its best of 1.1 up to step 2 is worse than 1, which 50 % of 3 finished ones reached there",
  );
  expect(record.tell(report(4, 0, 0.4))).toEqual([]);
  expect(record.tell(report(4, 1, 30))).toEqual([]);
});

test("patience, threshold and divergence look at one curve alone", () => {
  const told = (config: object, values: (number | null)[]): number[] => {
    const parsed = Stopping.parse(config);
    const record = new StoppingRecord(ruleOf(parsed.rule), parsed, [1, 2, 3, 4, 5, 6], 1);
    return values.map((value, rung) => record.tell(report(0, rung, value)).length);
  };
  expect(told({ rule: "patience", patience: 2 }, [5, 4, 4, 4, 4])).toEqual([0, 0, 0, 1, 0]);
  expect(told({ rule: "patience", patience: 2, minDelta: 0.5 }, [5, 4.9, 4.8, 4])).toEqual([0, 0, 1, 0]);
  expect(told({ rule: "threshold", threshold: 0.9, direction: "maximize" }, [0.95, 0.85])).toEqual([0, 1]);
  expect(told({ rule: "divergence", factor: 10 }, [1, 9, 11])).toEqual([0, 0, 1]);
  expect(told({ rule: "divergence" }, [1, null])).toEqual([0, 1]);
});

const report = (trial: number, rung: number, value: number | null): ReportsEvent => ({
  type: "reports",
  reports: [{ trial, initialization: 0, rung, value }],
  ended: [],
});
