import type { HeartbeatReplyV1, HeartbeatRequestV1 } from "@basin/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "./control/control-plane";

export interface HeartbeatOptions {
  control: ControlPlane;
  seconds: () => number;
  /** What is held this moment. */
  request: () => HeartbeatRequestV1;
  onReply: (reply: HeartbeatReplyV1) => void;
  signal: AbortSignal;
}

/** Tells the control plane each interval what is held, and hands its wishes on. Goes on while nobody answers. */
export async function keepBeating(options: HeartbeatOptions): Promise<void> {
  const { signal } = options;
  while (!signal.aborted) {
    const startedAt = performance.now();
    await beat(options, Math.max(2, options.seconds() * 2));
    const left = options.seconds() * 1000 - (performance.now() - startedAt);
    await sleep(Math.max(50, left), undefined, { signal }).catch(() => undefined);
  }
}

export async function beat({ control, request, onReply, signal }: HeartbeatOptions, timeoutSeconds: number): Promise<void> {
  try {
    onReply(await control.once("heartbeat", request(), { timeoutSeconds, signal }));
  } catch {
    // The control plane logs that it is away; the next beat tries again.
  }
}
