import type { HeartbeatRequestV1 } from "@basin/contracts";
import { linkOf, publishSign, type NatsConnection } from "@basin/messaging";
import { setTimeout as sleep } from "node:timers/promises";

export interface HeartbeatOptions {
  connection: NatsConnection;
  seconds: () => number;
  /** What is held this moment. */
  sign: () => HeartbeatRequestV1;
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
export function beat({ connection, sign }: HeartbeatOptions): void {
  if (linkOf(connection).connected) publishSign(connection, sign());
}
