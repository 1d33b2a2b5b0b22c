import { OutboxRepository } from "@basin/database";
import { eventually } from "@basin/testing";
import { expect, test, vi } from "vitest";
import { LeaderElection } from "../platform/leader-election";
import { aDiagnosticSpec, specStack, type SpecStack } from "../spec-support/spec-stack.testing";

async function completed(stack: SpecStack): Promise<boolean> {
  return (await stack.row("SELECT state FROM sweep"))["state"] === "completed";
}

test("another api process takes over when the leader stops, and when its connection breaks", async () => {
  const stack = await specStack();
  const first = await stack.api();
  await eventually(() => first.get(LeaderElection).leads);
  const second = await stack.api();
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  void trainer.work();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(second.get(LeaderElection).leads).toBe(false);
  const sweep = await second.commands.create(aDiagnosticSpec(5, 1));
  await eventually(() => completed(stack));
  await first.stop();
  await eventually(() => second.get(LeaderElection).leads, { timeoutSeconds: 3 });
  await second.commands.extend(sweep, { seeds: 1 });
  await eventually(async () => (await completed(stack)) && (await stack.row("SELECT succeeded FROM sweep"))["succeeded"] === 10);
  await stack.database.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await second.commands.extend(sweep, { seeds: 1 });
  await eventually(async () => (await completed(stack)) && (await stack.row("SELECT succeeded FROM sweep"))["succeeded"] === 15);
  expect(second.get(LeaderElection).leads).toBe(true);
});

test("messages that were published and not yet deleted from the outbox are published again, and grant nothing twice", async () => {
  const stack = await specStack();
  const api = await stack.api();
  // As if the process died after the stream stored the messages and before the outbox forgot them.
  const forget = vi.spyOn(api.get(OutboxRepository), "published").mockRejectedValue(new Error("crashed"));
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  await api.commands.create(aDiagnosticSpec(6, 1, { maxPackWidth: 2 }));
  const first = await trainer.take();
  expect(first?.grants.length).toBe(2);
  await eventually(() => forget.mock.calls.length >= 1);
  await api.stop();
  expect((await stack.row("SELECT count(*)::int AS n FROM outbox"))["n"]).toBeGreaterThan(0);

  await stack.api();
  await trainer.finish(first?.grants ?? []);
  void trainer.work();
  await eventually(() => completed(stack));
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM outbox"))["n"] === 0);
  expect(await stack.row("SELECT count(*)::int AS runs, max(attempt) AS attempt FROM run WHERE state = 'succeeded'")).toEqual({
    runs: 6,
    attempt: 1,
  });
});

test("with everything in NATS deleted, unclaimed packs are published again and the sweep completes", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t", { slots: 2 });
  trainer.beat(500);
  await api.commands.create(aDiagnosticSpec(40, 2, { maxPackWidth: 4 }));
  const held = await trainer.take();
  await eventually(
    async () =>
      (await stack.row("SELECT count(*)::int AS n FROM pack WHERE published_at IS NOT NULL AND claimed_at IS NULL"))["n"],
  );
  await stack.nats.wipe();
  await trainer.finish(held?.grants ?? []);
  void trainer.work();
  await eventually(() => completed(stack), { timeoutSeconds: 30 });
  expect(await stack.row("SELECT count(*)::int AS runs, max(attempt) AS attempt FROM run WHERE state = 'succeeded'")).toEqual({
    runs: 80,
    attempt: 1,
  });
  expect((await stack.row("SELECT max(sends) AS sends FROM pack"))["sends"]).toBeGreaterThan(1);
});

test("a trainer that is silent only because NATS is away keeps its runs", async () => {
  const stack = await specStack();
  const api = await stack.api({ BASIN_LEASE_SECONDS: "1", BASIN_HEARTBEAT_SECONDS: "0.3" });
  const trainer = await stack.trainer("t");
  trainer.beat(200);
  await api.commands.create(aDiagnosticSpec(1, 1));
  const held = await trainer.take();
  await stack.nats.stop();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(await stack.row("SELECT state, attempt FROM run")).toEqual({ state: "running", attempt: 1 });
  expect(held?.grants.length).toBe(1);
});
