import { Space } from "@basin/contracts";
import { expect, test } from "vitest";
import { conformanceChecks } from "./conformance";
import { gp } from "./gp";
import { openSearch } from "./open-search";
import type { SearchAlgorithm } from "./search-algorithm";
import { SearchRecord } from "./search-history";
import { tpe } from "./tpe";

const space = Space.parse({
  optimizer: { type: "choice", values: ["sgd", "adam"] },
  momentum: { type: "float", min: 0, max: 0.9, when: { parameter: "optimizer", in: ["sgd"] } },
  learningRate: { type: "log-float", min: 1e-4, max: 1 },
  epochs: { type: "fixed", value: 100 },
});
const first = [
  { learningRate: 0.01, optimizer: "adam" },
  { optimizer: "sgd", momentum: 0.9, learningRate: 1 },
];
const inputOf = (algorithm: SearchAlgorithm, config: object) => ({
  space,
  config: algorithm.configSchema.parse({ trials: 6, batchSize: 4, startup: 2, candidates: 4, ...config }),
  seed: 1,
  direction: "minimize" as const,
});

test.each([tpe, gp] as SearchAlgorithm[])("$id tries what is listed first, with what is fixed, and then its own", (algorithm) => {
  const input = inputOf(algorithm, { first });
  const { actions } = algorithm.next(input, algorithm.init(input), { type: "capacity", trials: 3 }, new SearchRecord());
  const made = actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
  expect(made.slice(0, 2)).toEqual([
    { epochs: 100, learningRate: 0.01, optimizer: "adam" },
    { epochs: 100, learningRate: 1, momentum: 0.9, optimizer: "sgd" },
  ]);
  const { actions: without } = algorithm.next(
    inputOf(algorithm, {}),
    algorithm.init(input),
    { type: "capacity", trials: 3 },
    new SearchRecord(),
  );
  expect(actions[2]).toEqual(without[2]);
});

test.each(
  conformanceChecks(tpe as SearchAlgorithm, inputOf(tpe as SearchAlgorithm, { first })).map(
    (check) => [check.name, check] as const,
  ),
)("with a list the search %s", (_, check) => check.run());

test.each([
  [[{ optimizer: "adam" }], "search.config.first[0]", "has no value for learningRate"],
  [
    [first[0], { ...first[0], learningRate: 2 }],
    "search.config.first[1].learningRate",
    "2 is no value of learningRate in this space",
  ],
  [[{ ...first[0], momentum: 0.5 }], "search.config.first[0].momentum", "momentum does not apply to this configuration"],
  [[{ ...first[0], epochs: 7 }], "search.config.first[0].epochs", "7 is no value of epochs in this space"],
  [[{ ...first[0], rate: 7 }], "search.config.first[0].rate", "rate is not in the space"],
  [Array(7).fill(first[0]), "search.config.first", "lists 7 configurations; 6 are tried in all"],
])("refuses %j", (list, path, message) => {
  const search = { algorithm: "tpe", config: { trials: 6, first: list }, seed: 0 };
  expect(openSearch({ space, search }, "minimize").issues).toMatchObject([{ path, message }]);
});
