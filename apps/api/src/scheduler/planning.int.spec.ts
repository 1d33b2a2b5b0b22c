import { SweepSpec } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { expect, it } from "vitest";
import { specStack } from "../spec-support/spec-stack.testing";

it("notes of each trial which parameters' conditions do not hold, also where one depends on another", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const sweep = await api.create(
    SweepSpec.parse({
      experiment: "loss-minimization",
      space: {
        optimizer: { type: "choice", values: ["sgd", "momentum", "adam"] },
        momentum: { type: "choice", values: [0.5, 0.9], when: { parameter: "optimizer", in: ["momentum"] } },
        l2: { type: "fixed", value: 0.1, when: { parameter: "momentum", in: [0.5] } },
      },
      seeds: { count: 1 },
    }),
  );
  await eventually(async () => (await stack.row("SELECT exhausted FROM sweep WHERE id = $1", [sweep]))["exhausted"] === true, {
    timeoutSeconds: 20,
    what: "the sweep to be planned",
  });
  const { rows } = await stack.row(
    `SELECT json_agg(json_build_object('optimizer', parameters->'optimizer', 'momentum', parameters->'momentum', 'without', inapplicable)
       ORDER BY index) AS rows FROM trial WHERE sweep_id = $1`,
    [sweep],
  );
  expect(rows).toHaveLength(4);
  expect(rows).toEqual(
    expect.arrayContaining([
      { optimizer: "sgd", momentum: 0.9, without: ["l2", "momentum"] },
      { optimizer: "adam", momentum: 0.9, without: ["l2", "momentum"] },
      { optimizer: "momentum", momentum: 0.5, without: [] },
      { optimizer: "momentum", momentum: 0.9, without: ["l2"] },
    ]),
  );
});

it("notes the same of parameters that change nothing beside the others, where no condition says so", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const sweep = await api.create(
    SweepSpec.parse({
      experiment: "loss-minimization",
      space: {
        optimizer: { type: "choice", values: ["sgd", "momentum"] },
        momentum: { type: "fixed", value: 0.5 },
        beta1: { type: "choice", values: [0.8, 0.9] },
      },
      seeds: { count: 1 },
    }),
  );
  await eventually(async () => (await stack.row("SELECT exhausted FROM sweep WHERE id = $1", [sweep]))["exhausted"] === true, {
    timeoutSeconds: 20,
    what: "the sweep to be planned",
  });
  const { rows } = await stack.row(
    `SELECT json_agg(DISTINCT jsonb_build_object('optimizer', parameters->'optimizer', 'without', inapplicable)) AS rows
       FROM trial WHERE sweep_id = $1`,
    [sweep],
  );
  expect(rows).toHaveLength(2);
  // Neither optimizer reads beta1: nothing of it would be left to show.
  expect(rows).toEqual(
    expect.arrayContaining([
      { optimizer: "sgd", without: ["momentum"] },
      { optimizer: "momentum", without: [] },
    ]),
  );
});
