import { ChangeV2, Sweep, SweepId, SweepSpec } from "@basin/contracts";
import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { applyChanges } from "./apply-changes";
import { keys, showSweep } from "./route-query";

const id = SweepId.parse("k3v9x2mq");
const at = "2026-01-01T00:00:00Z";
const counts = { planned: 2, pending: 0, queued: 0, running: 1, succeeded: 1, diverged: 0, failed: 0, cancelled: 0, pruned: 0 };
const shown = Sweep.parse({
  id,
  name: "s",
  state: "running",
  spec: SweepSpec.parse({ experiment: "e" }),
  objective: { metric: "loss", direction: "minimize" },
  trialsPlanned: 1,
  trialsCreated: 1,
  seedCount: 2,
  counts,
  best: null,
  usage: { trainSeconds: 0, steps: 0, spent: null },
  success: null,
  build: { id: "3fa94c1b20de", version: "0.1.0" },
  earlierBuilds: [],
  waiting: null,
  owner: "local",
  project: "default",
  clonedFrom: null,
  createdAt: at,
  startedAt: at,
  finishedAt: null,
});

/** What a page that shows the sweep reads again after its event. */
function readAgain(event: { state: string; counts: typeof counts }, before: Sweep = shown): unknown[] {
  const client = new QueryClient();
  showSweep(client, before);
  const change = ChangeV2.parse({ v: 2, type: "sweep", sweep: id, best: null, ...event });
  return applyChanges(client, [change]).map(({ key }) => key);
}

it("reads a sweep's runs and what is made of them again when its counters differ, though no event told of a run", () => {
  const keysRead = readAgain({ state: "running", counts: { ...counts, running: 0, succeeded: 2 } });
  for (const key of [keys.runs(id), keys.results(id), keys.analysis(id), keys.curves(id), keys.series(id), keys.trials(id)])
    expect(keysRead).toContainEqual(key);
});

it("reads a sweep again that may wait for trainers, or did", () => {
  expect(readAgain({ state: "running", counts })).not.toContainEqual(keys.sweep(id));
  expect(readAgain({ state: "running", counts: { ...counts, running: 0, pending: 1 } })).toContainEqual(keys.sweep(id));
  const waits = { ...shown, waiting: { others: [] } };
  expect(readAgain({ state: "running", counts }, waits)).toContainEqual(keys.sweep(id));
});

it("reads nothing of the runs again when the event repeats what is known", () => {
  const keysRead = readAgain({ state: "running", counts });
  expect(keysRead).not.toContainEqual(keys.runs(id));
  expect(keysRead).not.toContainEqual(keys.analysis(id));
});
