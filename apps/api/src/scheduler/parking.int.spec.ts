import { SweepSpec } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { specStack } from "../spec-support/spec-stack.testing";

test("a search that fails parks its sweep with the reason and loses nothing; resumed, it goes on from the same step", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const spec = SweepSpec.parse({
    experiment: "diagnostic",
    space: { level: { type: "float", min: 0, max: 1 } },
    search: { algorithm: "tpe", config: { trials: 8, batchSize: 4 } },
    seeds: { count: 1 },
  });
  const id = await api.create(spec);
  const sweep = (): Promise<Record<string, unknown>> =>
    stack.row("SELECT state, parked, trials_created, search_events, search_state FROM sweep");
  await eventually(async () => (await sweep())["trials_created"] === 4);
  const before = await sweep();

  await stack.database.query('UPDATE sweep SET search_state = \'{"next": "no number"}\'');
  await stack.database.query("UPDATE trial SET runs_finished = runs_total");
  await stack.database.query("UPDATE run SET state = 'succeeded', objective = 1");
  await stack.database.query("UPDATE sweep SET succeeded = 4, pending = 0");
  await eventually(async () => (await sweep())["state"] === "paused");
  const parked = await sweep();
  expect(parked["parked"]).toMatch(/^the search failed: .*next/s);
  expect(parked).toMatchObject({ search_events: before["search_events"], trials_created: 4 });

  await stack.database.query("UPDATE sweep SET search_state = $1", [JSON.stringify(before["search_state"])]);
  await api.commands.resume(id);
  await eventually(async () => (await sweep())["trials_created"] === 8);
  expect(await sweep()).toMatchObject({ state: "running", parked: null });
});
