import { LeadershipRepository, OutboxRepository, RequeueRepository } from "@basin/database";
import { eventually } from "@basin/testing";
import { expect, test, vi } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { LeaderElection } from "../platform/leader-election";
import { aDiagnosticSpec, moreRounds, specStack, type SpecStack } from "../spec-support/spec-stack.testing";
import { Recovery } from "./recovery.service";
import { Scheduler } from "./scheduler.service";

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
  await moreRounds(second.get(LeaderElection));
  expect(second.get(LeaderElection).leads).toBe(false);
  const sweep = await second.create(aDiagnosticSpec(5, 1));
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

test("a leader whose lease another took steps down by itself, and leads again when that one is gone", async () => {
  const stack = await specStack();
  const api = await stack.api({ BASIN_LEADER_LEASE_SECONDS: "1" });
  const election = api.get(LeaderElection);
  await eventually(() => election.leads);
  const first = election.term?.epoch ?? 0n;
  const trainer = await stack.trainer("t");
  trainer.beat(300);
  void trainer.work();
  await stack.database.query(
    "UPDATE leadership SET epoch = epoch + 1, holder = 'another', expires_at = now() + interval '1 hour'",
  );
  // Whether it knows or not, nothing that it plans is written.
  await api.create(aDiagnosticSpec(5, 1));
  await eventually(() => !election.leads, { timeoutSeconds: 2 });
  expect(await stack.row("SELECT (SELECT count(*) FROM trial)::int AS trials, (SELECT count(*) FROM run)::int AS runs")).toEqual({
    trials: 0,
    runs: 0,
  });
  await stack.database.query("UPDATE leadership SET expires_at = now()");
  await eventually(() => election.term?.epoch === first + 2n, { timeoutSeconds: 5 });
  await eventually(() => completed(stack));
});

test("a leader whose loop stands still steps down", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const election = api.get(LeaderElection);
  await eventually(() => election.leads);
  const first = election.term?.epoch ?? 0n;
  const until = performance.now() + 2000;
  while (performance.now() < until);
  await eventually(() => !election.leads, { timeoutSeconds: 1 });
  await eventually(() => election.term?.epoch === first + 1n, { timeoutSeconds: 5 });
});

test("of two processes that believe to lead, one plans and dispatches; nothing is granted twice", async () => {
  const stack = await specStack();
  const [first, second] = [await stack.api(), await stack.api()];
  const leads = ({ get }: { get: typeof first.get }): boolean => get(LeaderElection).leads;
  await eventually(() => leads(first) !== leads(second));
  const [leader, other] = leads(first) ? [first, second] : [second, first];
  // The leader hangs before it can learn that its lease is over, and goes on later: its answers are held back.
  const leadership = leader.get(LeadershipRepository);
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  vi.spyOn(leadership, "renew").mockImplementation(() => asleep.then(() => true));
  const late = leader.get(LeaderElection).term;
  if (!late) throw new Error("nobody leads");
  await stack.database.query("UPDATE leadership SET expires_at = now()");
  await eventually(() => leads(other), { timeoutSeconds: 3 });
  expect(leads(leader), "it does not know yet").toBe(true);
  const trainer = await stack.trainer("t", { slots: 2 });
  trainer.beat(300);
  void trainer.work();
  await other.create(aDiagnosticSpec(20, 3, { maxPackWidth: 4 }));
  await expect(leader.get(Scheduler).pass(late)).rejects.toThrow(/another process leads/);
  await eventually(() => completed(stack), { timeoutSeconds: 30 });
  wake();
  expect(await stack.row("SELECT count(*)::int AS runs, max(attempt) AS attempt FROM run WHERE state = 'succeeded'")).toEqual({
    runs: 60,
    attempt: 1,
  });
  const twice = await stack.database.query("SELECT sequence FROM search_event GROUP BY sweep_id, sequence HAVING count(*) > 1");
  expect(twice).toEqual([]);
});

test("messages that were published and not yet deleted from the outbox are published again, and grant nothing twice", async () => {
  const stack = await specStack();
  const api = await stack.api();
  // As if the process died after the stream stored the messages and before the outbox forgot them.
  const forget = vi.spyOn(api.get(OutboxRepository), "published").mockRejectedValue(new Error("crashed"));
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  await api.create(aDiagnosticSpec(6, 1, { maxPackWidth: 2 }));
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
  await api.create(aDiagnosticSpec(40, 2, { maxPackWidth: 4 }));
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
  await api.create(aDiagnosticSpec(1, 1));
  const held = await trainer.take();
  await stack.nats.stop();
  await eventually(
    async () => (await stack.row("SELECT now() - last_sign_at > interval '1.5 s' AS silent FROM trainer"))["silent"],
  );
  await moreRounds(api.get(Recovery));
  expect(await stack.row("SELECT state, attempt FROM run")).toEqual({ state: "running", attempt: 1 });
  expect(held?.grants.length).toBe(1);
});

test("nobody is lost for a time in which everything stood still", async () => {
  const stack = await specStack();
  const api = await stack.api({ BASIN_LEASE_SECONDS: "1", BASIN_HEARTBEAT_SECONDS: "0.3" });
  const trainer = await stack.trainer("t");
  trainer.beat(200);
  await api.create(aDiagnosticSpec(1, 1, { retryLimit: 0 }));
  const [grant] = (await trainer.take())?.grants ?? [];
  if (!grant) throw new Error("nothing was granted");
  await eventually(() => api.get(LeaderElection).leads);
  // Long enough that it would lose who is silent.
  await moreRounds(api.get(Recovery));
  // The trainer, the recovery and its view of the database's clock rest together, and go on together.
  const requeue = api.get(RequeueRepository);
  const now = requeue.now.bind(requeue);
  trainer.silence();
  let rested = false;
  const rest = vi.spyOn(requeue, "now").mockImplementation(async () => {
    await sleep(3000);
    rested = true;
    return now();
  });
  await eventually(() => rested, { timeoutSeconds: 6 });
  rest.mockRestore();
  trainer.beat(200);
  await moreRounds(api.get(Recovery));
  expect(await stack.row("SELECT state, attempt FROM run")).toEqual({ state: "running", attempt: 1 });
  // Its own silence is noticed all the same.
  trainer.silence();
  await eventually(async () => (await stack.row("SELECT state FROM attempt WHERE number = 1"))["state"] === "lost");
});
