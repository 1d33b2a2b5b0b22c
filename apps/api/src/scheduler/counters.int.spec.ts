import { PackId, type SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { LeaderElection } from "../platform/leader-election";
import type { FakeTrainer } from "../spec-support/fake-trainer.testing";
import { aDiagnosticSpec, countersOf, specStack, type SpecApi, type SpecStack } from "../spec-support/spec-stack.testing";
import { Recovery } from "./recovery.service";

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("claim" as const), of: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("finish" as const),
      of: fc.nat(1),
      share: fc.double({ min: 0.1, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("release" as const),
      of: fc.nat(1),
      outcome: fc.constantFrom("failed" as const, "handed-back" as const, "cancelled" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("lose" as const), of: fc.nat(1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("command" as const),
      name: fc.constantFrom("pause" as const, "resume" as const, "retryFailed" as const, "extend" as const, "cancel" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface World {
  stack: SpecStack;
  api: SpecApi;
  trainers: FakeTrainer[];
  sweep: SweepId;
  /** Runs of all sequences together. */
  done: { claimed: number; finished: number };
}

/** Does one step; a command that does not fit is refused, and that is a step as well. */
async function perform({ stack, api, trainers, sweep, done }: World, action: Step): Promise<void> {
  const trainer = trainers["of" in action ? action.of % trainers.length : 0];
  if (!trainer) return;
  const held = [...trainer.held.values()].map(({ grant }) => grant).filter((grant) => grant.run.startsWith(sweep));
  switch (action.do) {
    case "claim": {
      const { id } = await stack.row("SELECT id FROM pack WHERE sweep_id = $1 ORDER BY claimed_at NULLS FIRST LIMIT 1", [sweep]);
      if (typeof id === "string") done.claimed += (await trainer.claim(PackId.parse(id))).length;
      return;
    }
    case "finish": {
      const finished = held.slice(0, Math.ceil(held.length * action.share));
      await trainer.finish(finished, 1);
      done.finished += finished.length;
      return;
    }
    case "release":
      if (held[0]) await trainer.release(held.slice(0, 2), action.outcome, "a step of the property");
      return;
    case "lose":
      await stack.database.query("UPDATE trainer SET last_sign_at = now() - interval '1 hour' WHERE id = $1", [trainer.id]);
      await api.get(Recovery).loseSilentTrainers(api.get(LeaderElection).term?.epoch ?? 0n);
      return;
    case "command": {
      const command = action.name === "extend" ? api.commands.extend(sweep, { seeds: 1 }) : api.commands[action.name](sweep);
      await command.catch((error: unknown) => expect(error).toMatchObject({ name: "ConflictError" }));
      return;
    }
    case "wait":
      await sleep(60);
  }
}

test("counters are what count(*) says after any sequence of operations", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainers = [await stack.trainer("a"), await stack.trainer("b")];
  const done = { claimed: 0, finished: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      for (const trainer of trainers) {
        trainer.held.clear();
        await trainer.register();
      }
      const sweep = await api.create(aDiagnosticSpec(4, 2, { retryLimit: 1, maxPackWidth: 3 }));
      const packed = async (): Promise<unknown> =>
        (await stack.row("SELECT 1 AS there FROM pack WHERE sweep_id = $1", [sweep]))["there"];
      await eventually(packed, { timeoutSeconds: 30, what: "the sweep's first pack", everyMilliseconds: 5 });
      for (const action of steps) {
        await perform({ stack, api, trainers, sweep, done }, action);
        const { kept, counted } = await countersOf(stack, sweep);
        expect(kept).toEqual(counted);
      }
      const wrong = await stack.database.query(
        `SELECT t.index FROM trial t WHERE t.sweep_id = $1 AND (
           t.runs_finished <> (SELECT count(*) FROM run r WHERE r.sweep_id = t.sweep_id AND r.trial_index = t.index
                               AND r.state IN ('succeeded', 'diverged', 'failed', 'cancelled'))
           OR t.runs_created <> (SELECT count(*) FROM run r WHERE r.sweep_id = t.sweep_id AND r.trial_index = t.index))`,
        [sweep],
      );
      expect(wrong).toEqual([]);
      const torn = await stack.database.query(
        `SELECT r.id FROM run r WHERE r.sweep_id = $1
           AND (SELECT count(*) FROM attempt a WHERE a.run_id = r.id AND a.state = 'running') <> (r.state = 'running')::int`,
        [sweep],
      );
      expect(torn).toEqual([]);
      // Packs that nobody takes would keep those of the next sweep back.
      await api.commands.cancel(sweep).catch((error: unknown) => expect(error).toMatchObject({ name: "ConflictError" }));
    }),
    { numRuns: 8 },
  );
  // Counters that never moved would be equal as well.
  expect(done.claimed).toBeGreaterThan(0);
  expect(done.finished).toBeGreaterThan(0);
});
