import type { ControlRequest, HeartbeatReplyV1 } from "@basin/contracts";
import { linkOf, publishSign, type NatsConnection } from "@basin/messaging";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "./control/control-plane";

export interface HeartbeatOptions {
  connection: NatsConnection;
  seconds: () => number;
  /** What is held this moment. */
  sign: () => ControlRequest<"heartbeat">;
  /** Asked with signs of version 1: a control plane that knows no other does not listen to signs. */
  control: ControlPlane;
  onReply: (reply: HeartbeatReplyV1) => void;
  signal: AbortSignal;
}

/** Says each interval what is held, to every process of the control plane; what they wish in return comes as a command. */
export async function keepBeating(options: HeartbeatOptions): Promise<void> {
  while (!options.signal.aborted) {
    beat(options);
    await sleep(options.seconds() * 1000, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** While NATS is away nothing is said: a sign that arrives late would be untrue. */
export function beat({ connection, control, sign, onReply, seconds, signal }: HeartbeatOptions): void {
  if (!linkOf(connection).connected) return;
  const said = sign();
  if (said.v === 2) publishSign(connection, said);
  else {
    // That it does not answer is logged there; the next one is sent anyway.
    control.once("heartbeat", said, { timeoutSeconds: Math.max(2, 2 * seconds()), signal }).then(onReply, () => undefined);
  }
}
