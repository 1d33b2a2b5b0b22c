import { RunId, TrainerId, type CommitStatusV1, type RunResultV1 } from "@basin/contracts";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Committer, type ResultOwner } from "./committer";
import type { ControlPlane } from "./control-plane";

const run = RunId.parse("k3v9x2mq-0-0");
const result: RunResultV1 = {
  run,
  attempt: 1,
  outcome: "succeeded",
  metrics: {},
  reason: null,
  steps: 1,
  trainSeconds: 1,
  chunks: { loss: 2 },
  artifacts: ["weights.safetensors"],
};

/** A control plane that answers every commit with `answer`, and an owner that sends again with `resend`. */
function committerOf(answer: () => Partial<CommitStatusV1>, resend: () => Promise<void>) {
  const asked = vi.fn(async () => ({
    v: 1,
    statuses: [{ run, attempt: 1, status: "incomplete", missing: [], missingArtifacts: [], ...answer() }],
  }));
  const owner = {
    committed: vi.fn<ResultOwner["committed"]>(),
    superseded: vi.fn<ResultOwner["superseded"]>(),
    resend: vi.fn(resend),
    refused: vi.fn<ResultOwner["refused"]>(),
    stuck: vi.fn<ResultOwner["stuck"]>(),
  };
  const committer = new Committer({
    control: { once: asked } as unknown as ControlPlane,
    trainer: TrainerId.parse("t-1"),
    log: pino({ level: "silent" }),
    signal: new AbortController().signal,
    onCommit: () => undefined,
  });
  committer.add([result], owner);
  return { asked, owner, committer };
}

describe("a result that the control plane cannot complete", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["lacks an artifact for ever", { missingArtifacts: ["weights.safetensors"] }, "weights.safetensors"],
    ["lacks chunks for ever", { missing: [{ metric: "loss", chunks: [0, 1] }] }, "2 chunks of loss"],
  ])("is sent again ever more rarely while it %s, and given up after ten minutes", async (_, status, named) => {
    const { asked, owner, committer } = committerOf(
      () => status,
      async () => undefined,
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(owner.resend.mock.calls.length).toBeGreaterThanOrEqual(5);
    expect(owner.resend.mock.calls.length).toBeLessThan(13);
    expect(asked.mock.calls.length).toBeLessThan(200);
    expect(owner.stuck).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(570_000);
    expect(owner.resend.mock.calls.length).toBeLessThan(100);
    expect(owner.stuck.mock.calls).toEqual([[result, expect.stringContaining(named)]]);
    expect(committer.size).toBe(0);
    const requests = asked.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.mock.calls.length).toBe(requests);
  });

  it("is asked for at a pace, and not given up, while nothing can be sent again", async () => {
    const { asked, owner } = committerOf(
      () => ({ missingArtifacts: ["weights.safetensors"] }),
      async () => {
        throw new Error("the spool cannot be read now");
      },
    );
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(owner.resend.mock.calls.length).toBeLessThan(700);
    expect(asked.mock.calls.length).toBeLessThan(10_000);
    expect(owner.stuck).not.toHaveBeenCalled();
  });

  it("is not given up while less and less is missing, however slowly", async () => {
    let left = 40;
    const { owner } = committerOf(
      () =>
        left > 0 ? { missing: [{ metric: "loss", chunks: Array.from({ length: left }, (_, i) => i) }] } : { status: "committed" },
      async () => undefined,
    );
    for (; left > 0; left--) await vi.advanceTimersByTimeAsync(300_000);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(owner.stuck).not.toHaveBeenCalled();
    expect(owner.committed).toHaveBeenCalledOnce();
  });
});
