import type { Msg } from "@nats-io/transport-node";

/** A parsed message from a stream. It comes back after the stream's ack wait (30 s) until `ack` is called. */
export interface Delivery<T> {
  readonly message: T;
  readonly bytes: number;
  /** 1 for the first delivery. */
  readonly deliveries: number;
  readonly settled: boolean;
  /** The server may forget the message. Not waited for: an ack that is lost means one more delivery. */
  ack(): void;
  /** Asks for another delivery after the delay; default at once. */
  nak(delaySeconds?: number): void;
}

export function deliveryOf<T>(raw: Msg, message: T): Delivery<T> {
  let settled = false;
  const settle = (answer: string): void => {
    if (settled) return;
    settled = true;
    respond(raw, answer);
  };
  return {
    message,
    bytes: raw.data.byteLength,
    deliveries: deliveriesOf(raw),
    get settled() {
      return settled;
    },
    ack: () => settle("+ACK"),
    nak: (delaySeconds = 0) => settle(nakText(delaySeconds)),
  };
}

export function terminate(raw: Msg): void {
  respond(raw, "+TERM");
}

export function giveBack(raw: Msg, delaySeconds: number): void {
  respond(raw, nakText(delaySeconds));
}

function nakText(delaySeconds: number): string {
  return delaySeconds > 0 ? `-NAK ${JSON.stringify({ delay: Math.round(delaySeconds * 1e9) })}` : "-NAK";
}

/** An answer on a closed connection is dropped: the message comes back by itself. */
function respond(raw: Msg, answer: string): void {
  try {
    raw.respond(answer);
  } catch {
    return;
  }
}

/** `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time>.<pending>[.<token>]` */
function deliveriesOf(raw: Msg): number {
  const tokens = (raw.reply ?? "").split(".");
  const count = Number(tokens.length === 9 ? tokens[4] : tokens[6]);
  return Number.isInteger(count) && count > 0 ? count : 1;
}
