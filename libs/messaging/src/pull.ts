import { nanos, type Msg, type NatsConnection, type Subscription } from "@nats-io/transport-node";
import { inboxOf, linkOf } from "./connection";

export interface PullRequest {
  stream: string;
  consumer: string;
  /** The most messages. */
  batch: number;
  /** The most bytes; at least one message's worth. */
  maxBytes?: number;
  expiresSeconds: number;
}

/**
 * `complete`: the batch arrived. `expired`: the server ended the request. `missing`: stream or consumer do not exist.
 * `lost`: connection or server went away, nothing more will come. `stopped`: by `stop`.
 */
type PullEnd = "complete" | "expired" | "missing" | "lost" | "stopped";

export interface Pull {
  ended: Promise<PullEnd>;
  /** Ends the request; a message that crosses it on the way is given back to the server. */
  stop: () => void;
}

const heartbeatSeconds = 2;
/** Messages on their way when a request is stopped arrive within this time. */
const crossingMilliseconds = 250;

/**
 * One JetStream pull request. The client library's own consumers hide when a request is outstanding and recover from deleted
 * streams only after half a minute; a work queue needs one request per free slot and quick recovery.
 */
export function openPull(connection: NatsConnection, request: PullRequest, onMessage: (message: Msg) => void): Pull {
  const inbox = inboxOf(connection);
  let received = 0;
  let stopping = false;
  let finish: (end: PullEnd) => void = () => undefined;
  const ended = new Promise<PullEnd>((resolve) => (finish = resolve));
  let subscription: Subscription | undefined;

  const close = (end: PullEnd): void => {
    clearTimeout(silence);
    unfollow();
    if (!stopping) subscription?.unsubscribe();
    finish(end);
  };
  const silence = setTimeout(() => close("lost"), (2 * heartbeatSeconds + 1) * 1000);
  const unfollow = linkOf(connection).onChange((connected) => !connected && close("lost"));

  const receive = (error: Error | null, message: Msg): void => {
    if (error) {
      close("lost");
      return;
    }
    if (message.subject === inbox) {
      const end = endOf(message);
      if (end === null) silence.refresh();
      else close(end);
      return;
    }
    if (stopping) {
      message.respond("-NAK");
      return;
    }
    silence.refresh();
    received++;
    if (received >= request.batch) close("complete");
    onMessage(message);
  };

  try {
    subscription = connection.subscribe(inbox, { callback: receive });
    connection.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${request.stream}.${request.consumer}`,
      JSON.stringify({
        batch: request.batch,
        ...(request.maxBytes === undefined ? {} : { max_bytes: request.maxBytes }),
        expires: nanos(request.expiresSeconds * 1000),
        idle_heartbeat: nanos(heartbeatSeconds * 1000),
      }),
      { reply: inbox },
    );
  } catch {
    close("lost");
  }

  return {
    ended,
    stop() {
      if (stopping) return;
      stopping = true;
      close("stopped");
      setTimeout(() => subscription?.unsubscribe(), crossingMilliseconds).unref();
    },
  };
}

/** Reads a status message of the server; null for a heartbeat. */
function endOf(message: Msg): PullEnd | null {
  const code = message.headers?.code ?? 0;
  const description = message.headers?.description ?? "";
  if (code === 100) return null;
  if (code === 404 || code === 408) return "expired";
  if (code === 503) return "missing";
  if (code === 409) {
    if (/maxbytes|batch completed/i.test(description)) return "expired";
    if (/deleted|push based/i.test(description)) return "missing";
  }
  return "lost";
}
