import { AttemptState, RunState, SweepState } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { attemptEvents, attemptTransitions, transitionAttempt } from "./attempt-state";
import { isRunFinished, runEvents, runStatesAccepting, runTransitions, transitionRun } from "./run-state";
import type { TransitionResult } from "./state-machine";
import { isSweepComplete, sweepEvents, sweepTransitions, transitionSweep, unfinishedRuns } from "./sweep-state";

// Written out by hand: what docs/glossary.md says. Every pair of state and event that is not listed must be refused.
const legalRun = [
  "pending + queue → queued",
  "pending + cancel → cancelled",
  "pending + prune → pruned",
  "queued + withdraw → pending",
  "queued + claim → running",
  "queued + cancel → cancelled",
  "queued + prune → pruned",
  "running + succeed → succeeded",
  "running + diverge → diverged",
  "running + return → pending",
  "running + fail → failed",
  "running + cancel → cancelled",
  "running + prune → pruned",
  "failed + retry → pending",
  "cancelled + revive → pending",
];
const legalAttempt = [
  "running + succeed → succeeded",
  "running + diverge → diverged",
  "running + fail → failed",
  "running + lose → lost",
  "running + hand-back → handed-back",
  "running + cancel → cancelled",
];
const legalSweep = [
  "running + pause → paused",
  "running + cancel → cancelled",
  "running + complete → completed",
  "running + retry-failed → running",
  "running + extend → running",
  "running + continue → running",
  "paused + resume → running",
  "paused + cancel → cancelled",
  "paused + complete → completed",
  "paused + retry-failed → paused",
  "paused + extend → paused",
  "paused + continue → paused",
  "completed + retry-failed → running",
  "completed + extend → running",
];

interface Machine {
  states: readonly string[];
  events: readonly string[];
  legal: readonly string[];
  listed: readonly { from: string; event: string; to: string }[];
  answer: (state: string, event: string) => TransitionResult<string>;
}
const machines: [string, Machine][] = [
  [
    "run",
    {
      states: RunState.options,
      events: runEvents,
      legal: legalRun,
      listed: runTransitions,
      answer: (state, event) => transitionRun(RunState.parse(state), pick(runEvents, event)),
    },
  ],
  [
    "attempt",
    {
      states: AttemptState.options,
      events: attemptEvents,
      legal: legalAttempt,
      listed: attemptTransitions,
      answer: (state, event) => transitionAttempt(AttemptState.parse(state), pick(attemptEvents, event)),
    },
  ],
  [
    "sweep",
    {
      states: SweepState.options,
      events: sweepEvents,
      legal: legalSweep,
      listed: sweepTransitions,
      answer: (state, event) => transitionSweep(SweepState.parse(state), pick(sweepEvents, event)),
    },
  ],
];

function pick<T extends string>(names: readonly T[], name: string): T {
  const found = names.find((candidate) => candidate === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe.each(machines)("%s", (_, { states, events, legal, listed, answer }) => {
  const legalOf = (state: string, event: string): string | undefined =>
    legal.find((text) => text.startsWith(`${state} + ${event} →`));
  const pairs = states.flatMap((state) => events.map((event) => [state, event] as const));

  test.each(pairs.filter(([state, event]) => legalOf(state, event) !== undefined))("%s accepts %s", (state, event) => {
    const result = answer(state, event);
    expect(result.ok && `${state} + ${event} → ${result.state}`).toBe(legalOf(state, event));
  });

  test.each(pairs.filter(([state, event]) => legalOf(state, event) === undefined))("%s refuses %s", (state, event) => {
    const result = answer(state, event);
    expect(result.ok).toBe(false);
    expect(!result.ok && result.reason.length).toBeGreaterThan(10);
  });

  test("the list for the glossary is complete", () => {
    expect(listed.map(({ from, event, to }) => `${from} + ${event} → ${to}`)).toEqual(legal);
  });
});

test("states accepting an event, and finished states", () => {
  expect(runStatesAccepting("cancel")).toEqual(["pending", "queued", "running"]);
  expect(runStatesAccepting("claim")).toEqual(["queued"]);
  expect(RunState.options.filter(isRunFinished)).toEqual(["succeeded", "diverged", "failed", "cancelled", "pruned"]);
});

test("refusals of a sweep tell a person what to do", () => {
  expect(transitionSweep("cancelled", "extend")).toEqual({
    ok: false,
    reason: "the sweep was cancelled and cannot be extended; clone it to run it again",
  });
  expect(transitionSweep("completed", "pause")).toEqual({ ok: false, reason: "the sweep is completed and cannot be paused" });
  expect(transitionSweep("paused", "pause")).toEqual({ ok: false, reason: "the sweep is already paused and cannot be paused" });
});

test("a sweep is complete when its search is exhausted and no run is left, and only then", () => {
  const none = { pending: 0, queued: 0, running: 0 };
  expect(isSweepComplete({ exhausted: true, counts: none })).toBe(true);
  expect(isSweepComplete({ exhausted: false, counts: none })).toBe(false);
  for (const state of ["pending", "queued", "running"] as const) {
    expect(isSweepComplete({ exhausted: true, counts: { ...none, [state]: 1 } })).toBe(false);
  }
  expect(unfinishedRuns({ pending: 1, queued: 2, running: 4 })).toBe(7);
});
