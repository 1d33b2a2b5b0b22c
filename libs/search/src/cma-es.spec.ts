import { Space, type Configuration } from "@basin/contracts";
import { expect, test } from "vitest";
import { cmaEs } from "./cma-es";
import { openSearch } from "./open-search";
import { SearchRecord } from "./search-history";

function searched(space: Space, trials: number, loss: (parameters: Configuration) => number, seed = 0): number[] {
  const input = { space, config: { trials }, seed, direction: "minimize" as const };
  const record = new SearchRecord();
  let state = cmaEs.init(input);
  for (;;) {
    const { state: after, actions } = cmaEs.next(input, state, { type: "capacity", trials: 1000 }, record);
    state = after;
    const first = record.trials.length;
    for (const action of actions) if (action.type === "create-trial") record.create(action.parameters);
    const told = record.trials.slice(first).map(({ parameters }, i) => {
      return {
        trial: first + i,
        ended: true,
        runs: [{ initialization: 0, value: loss(parameters), outcome: "succeeded" as const }],
      };
    });
    record.tell({ type: "results", trials: told } as { type: string });
    if (actions.some(({ type }) => type === "exhausted")) return record.trials.map(({ parameters }) => loss(parameters));
  }
}

const line = { type: "float", min: -5, max: 5 };
const best = (losses: readonly number[]): number => Math.min(...losses);

test("finds the bottom of a narrow, turned valley", () => {
  const space = Space.parse({ a: line, b: line, c: line });
  const valley = ({ a, b, c }: Configuration): number => {
    const [u, v] = [Number(a) + Number(b) - 1, Number(a) - Number(b) + 2];
    return u * u + 1000 * v * v + 30 * (Number(c) - 3) ** 2;
  };
  expect(best(searched(space, 800, valley))).toBeLessThan(1e-6);
});

test("whole numbers do not freeze before they are right", () => {
  const space = Space.parse({
    a: line,
    k: { type: "int", min: 0, max: 12 },
    n: { type: "int", min: 0, max: 40, step: 2 },
    s: { type: "step", min: 0, max: 1, step: 0.1 },
  });
  const bowl = ({ a, k, n, s }: Configuration): number =>
    (Number(a) - 1) ** 2 + (Number(k) - 11) ** 2 + (Number(n) - 4) ** 2 / 10 + 20 * (Number(s) - 0.9) ** 2;
  for (const seed of [0, 1, 2, 3]) expect(best(searched(space, 600, bowl, seed)), `seed ${seed}`).toBeLessThan(1e-3);
});

test("candidates are frozen: a change here changes sweeps that are stored", () => {
  const space = Space.parse({ a: line, k: { type: "int", min: 0, max: 12 } });
  const losses = searched(space, 18, ({ a, k }) => Number(a) ** 2 + Number(k), 3);
  expect(losses.slice(15)).toMatchInlineSnapshot(`
    [
      5.434359003517399,
      3.1332947701120424,
      4.485449265089725,
    ]
  `);
});

test("refuses choices, conditions and too small generations, naming the field", () => {
  const open = (space: unknown, config: Record<string, unknown>) =>
    openSearch({ space: Space.parse(space), search: { algorithm: "cma-es", config, seed: 0 } }, "minimize").issues.map(
      ({ path }) => path,
    );
  expect(open({ a: line, activation: { type: "choice", values: ["tanh", "relu"] } }, { trials: 5 })).toEqual([
    "space.activation.type",
  ]);
  const k = { type: "int", min: 0, max: 3 };
  expect(open({ k, a: { ...line, when: { parameter: "k", in: [1] } } }, { trials: 5 })).toEqual(["space.a.when"]);
  expect(open({ a: line }, { trials: 5, population: 2 })).toEqual(["search.config.population"]);
  expect(open({ a: line }, {})).toEqual(["search.config.trials"]);
  const many = Array.from({ length: 101 }, (_, i) => [
    `x${"abcdefghij"[i % 10]}${"abcdefghij"[Math.floor(i / 10) % 10]}${Math.floor(i / 100)}`,
    line,
  ]);
  expect(open(Object.fromEntries(many), { trials: 5 })).toEqual(["space"]);
});
