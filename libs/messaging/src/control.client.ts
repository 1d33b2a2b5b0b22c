import {
  ControlErrorV1,
  controlRequests,
  retrying,
  subjects,
  type ControlReply,
  type ControlRequest,
  type ControlRequestName,
  messageOf,
} from "@basin/contracts";
import { errors, type Msg, type NatsConnection } from "@nats-io/transport-node";
import { linkOf, maxPayloadBytes, nameOf, patienceOf } from "./connection";
import { parseMessage } from "./dead-letters";

export interface RequestOptions {
  /** How long to wait for an answer, through reconnects and while no control plane listens; default 10. */
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

/** No answer within the time: NATS or every control-plane process is away. The request may be repeated. */
class ControlUnavailableError extends Error {
  override readonly name = "ControlUnavailableError";
  readonly retry = true;
}

/** The control plane answered with an error. `retry` tells whether the same request can succeed later. */
export class ControlRefusedError extends Error {
  override readonly name = "ControlRefusedError";
  constructor(
    readonly code: string,
    message: string,
    readonly retry: boolean,
  ) {
    super(message);
  }
}

const noResponderPauseMilliseconds = 100;
/**
 * Without an answer after this long the request is sent once more, and again after twice, four times … this: NATS draws who gets it, and
 * the process that was drawn may hang. Whichever answer comes first counts.
 */
const redrawMilliseconds = 2000;

/**
 * Asks the control plane. A request that a reconnect interrupted or that nobody answered soon is sent again, which its idempotence
 * allows.
 * @throws ControlUnavailableError when nobody answered in time
 * @throws ControlRefusedError when the answer is an error, or cannot be parsed (`retry: false`)
 * @throws RangeError when the request is larger than the server accepts
 */
export async function request<N extends ControlRequestName>(
  connection: NatsConnection,
  name: N,
  body: ControlRequest<N>,
  options: RequestOptions = {},
): Promise<ControlReply<N>> {
  const seconds = options.timeoutSeconds ?? 10;
  const patience = patienceOf(seconds, options.signal);
  const payload = JSON.stringify(body);
  const link = linkOf(connection);
  let reason = "not connected to NATS";
  const attempt = async (left: number): Promise<ControlReply<N>> => {
    const connected = left > 0 && (await link.whenConnected(left, options.signal));
    if (!connected || options.signal?.aborted || connection.isClosed()) {
      const why = connection.isClosed() ? "the connection to NATS is closed" : options.signal?.aborted ? "aborted" : reason;
      throw unanswered(name, seconds, why);
    }
    return answerOf(
      name,
      await exchange(connection, subjects.control(nameOf(connection), name), payload, patience.until, options.signal),
    );
  };
  const isFinal = (error: unknown): boolean =>
    error instanceof ControlRefusedError ||
    error instanceof ControlUnavailableError ||
    error instanceof errors.InvalidArgumentError;
  try {
    return await retrying(attempt, {
      ...patience,
      // Too little left for another answer would only hide the reason behind a timeout.
      first: noResponderPauseMilliseconds,
      pause: (milliseconds) => (link.connected ? patience.pause(milliseconds) : Promise.resolve()),
      isFinal,
      beforePause: (error) => {
        reason = unansweredReason(error);
      },
    });
  } catch (error) {
    if (error instanceof errors.InvalidArgumentError) {
      const bytes = Buffer.byteLength(payload);
      throw new RangeError(`the request "${name}" has ${bytes} bytes; NATS accepts ${maxPayloadBytes(connection)}`);
    }
    throw isFinal(error) ? error : unanswered(name, seconds, unansweredReason(error));
  }
}

function unansweredReason(error: unknown): string {
  return error instanceof errors.RequestError && error.isNoResponders() ? "no control plane is listening" : messageOf(error);
}

function unanswered(name: string, seconds: number, why: string): ControlUnavailableError {
  return new ControlUnavailableError(`no answer to "${name}" from the control plane within ${seconds} s: ${why}`);
}

/** Asks until the deadline; rejects at once when the connection drops, because the answer would go nowhere. */
async function exchange(
  connection: NatsConnection,
  subject: string,
  payload: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Msg> {
  let interrupt: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const after = (milliseconds: number): Promise<null> =>
    new Promise((resolve) => {
      timer = setTimeout(() => resolve(null), milliseconds);
    });
  const interrupted = new Promise<never>((_resolve, reject) => {
    const stop = linkOf(connection).onChange((connected) => !connected && reject(new Error("the connection to NATS was lost")));
    const abort = (): void => reject(new Error("aborted"));
    signal?.addEventListener("abort", abort, { once: true });
    interrupt = () => {
      stop();
      signal?.removeEventListener("abort", abort);
    };
  });
  try {
    const draws: Promise<Msg>[] = [];
    for (let wait = redrawMilliseconds; ; wait *= 2) {
      const draw = connection.request(subject, payload, { timeout: Math.max(1, Math.ceil(deadline - performance.now())) });
      draw.catch(() => undefined);
      draws.push(draw);
      const answer = await Promise.race([...draws, interrupted, after(wait)]);
      if (answer !== null) return answer;
    }
  } finally {
    clearTimeout(timer);
    interrupt();
  }
}

function answerOf<N extends ControlRequestName>(name: N, message: Msg): ControlReply<N> {
  const reply = parseMessage(controlRequests[name].reply, message.data);
  if (reply.ok) return reply.value as ControlReply<N>;
  const failure = parseMessage(ControlErrorV1, message.data);
  if (failure.ok) {
    const { code, message: text, retry } = failure.value.error;
    throw new ControlRefusedError(code, text, retry);
  }
  throw new ControlRefusedError("bad-reply", `the answer to "${name}" could not be parsed: ${reply.reason}`, false);
}
