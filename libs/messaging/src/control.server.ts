import {
  controlQueueGroup,
  controlRequests,
  subjects,
  type ControlErrorV1,
  type ControlReply,
  type ControlRequest,
  type ControlRequestName,
  messageOf,
} from "@basin/contracts";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { maxPayloadBytes } from "./connection";
import { bury, parseMessage, type DeadLetterOptions } from "./dead-letters";
import { silentLog } from "./log";

/** Thrown by a handler to choose the error that the asker gets. Any other error is answered as `internal`, `retry: true`. */
export class ControlFailure extends Error {
  override readonly name = "ControlFailure";
  constructor(
    readonly code: string,
    message: string,
    readonly retry: boolean,
  ) {
    super(message);
  }
}

/** `asker` is who the NATS server let publish it: a trainer's id, the same as in the body, or of `join` the token's. */
export type ControlHandler<N extends ControlRequestName> = (body: ControlRequest<N>, asker: string) => Promise<ControlReply<N>>;

export interface Service {
  /** Takes no new request, answers the ones it has, then resolves. */
  stop(): Promise<void>;
}

/**
 * Answers one kind of request; every process that serves it shares the load. Requests are handled as they come, at the same
 * time. A request that does not parse is answered with `retry: false` and becomes a dead letter. One in the name of another than
 * its subject's is refused; one whose answer would go elsewhere than to its asker is dropped, because we may speak where the asker may not.
 */
export function serve<N extends ControlRequestName>(
  connection: NatsConnection,
  name: N,
  handler: ControlHandler<N>,
  options: DeadLetterOptions = {},
): Service {
  const { log = silentLog } = options;
  const working = new Set<Promise<void>>();

  const answer = async (message: Msg): Promise<void> => {
    const asker = message.subject.split(".").at(-2) ?? "";
    if (!message.reply?.startsWith(`${subjects.inbox(asker)}.`)) {
      log.warn(
        { request: name, asker, reply: message.reply },
        "a request that wants its answer sent to somebody else was dropped",
      );
      return;
    }
    const parsed = parseMessage(controlRequests[name].request, message.data);
    if (!parsed.ok) {
      respond(message, failure("bad-request", `the request "${name}" could not be parsed: ${parsed.reason}`, false));
      await bury(connection, "control", message, parsed.reason, options);
      return;
    }
    const body = parsed.value as ControlRequest<N>;
    if (name !== "join" && body.trainer !== asker) {
      respond(message, failure("not-yours", `the request "${name}" of ${asker} speaks for trainer ${body.trainer}`, false));
      return;
    }
    try {
      const json = JSON.stringify(await handler(body, asker));
      const limit = maxPayloadBytes(connection);
      const bytes = Buffer.byteLength(json);
      if (bytes > limit) {
        respond(message, failure("too-large", `the answer to "${name}" has ${bytes} bytes; NATS accepts ${limit}`, false));
      } else {
        message.respond(json);
      }
    } catch (error) {
      if (error instanceof ControlFailure) {
        respond(message, failure(error.code, error.message, error.retry));
        return;
      }
      log.error(
        { request: name, reason: messageOf(error), stack: error instanceof Error ? error.stack : undefined },
        "a request failed",
      );
      respond(message, failure("internal", messageOf(error), true));
    }
  };

  const subscription = connection.subscribe(subjects.allControl(name), {
    queue: controlQueueGroup,
    callback: (error, message) => {
      if (error) {
        log.error({ request: name, reason: error.message }, "requests cannot be received");
        return;
      }
      const work = answer(message).finally(() => working.delete(work));
      working.add(work);
    },
  });

  return {
    async stop() {
      if (!connection.isClosed() && !subscription.isClosed()) await subscription.drain().catch(() => undefined);
      await Promise.allSettled([...working]);
    },
  };
}

function failure(code: string, message: string, retry: boolean): ControlErrorV1 {
  return { v: 1, error: { code, message, retry } };
}

/** An answer that cannot be sent is dropped: the asker repeats its request. */
function respond(message: Msg, error: ControlErrorV1): void {
  try {
    message.respond(JSON.stringify(error));
  } catch {
    return;
  }
}
