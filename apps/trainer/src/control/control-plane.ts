import { retrying, type ControlReply, type ControlRequest, type ControlRequestName } from "@basin/contracts";
import { ControlRefusedError, request, type NatsConnection } from "@basin/messaging";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";

export interface AskOptions {
  signal?: AbortSignal;
  /** Gives up after this long; default: never. */
  giveUpSeconds?: number;
  /** How long one attempt waits for its answer; default 10. */
  timeoutSeconds?: number;
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 3000;

/** The control plane as the trainer sees it: requests that are repeated until they are answered. */
export class ControlPlane {
  #answering = true;

  constructor(
    private readonly connection: NatsConnection,
    private readonly log: Logger,
  ) {}

  /** One attempt. Rejects as `request` of @basin/messaging does. */
  async once<N extends ControlRequestName>(
    name: N,
    body: ControlRequest<N>,
    options: { timeoutSeconds?: number; signal?: AbortSignal } = {},
  ): Promise<ControlReply<N>> {
    try {
      const reply = await request(this.connection, name, body, options);
      if (!this.#answering) this.log.info({ request: name }, "the control plane answers again");
      this.#answering = true;
      return reply;
    } catch (error) {
      const away = !(error instanceof ControlRefusedError) || error.retry;
      if (away && this.#answering && !options.signal?.aborted) {
        this.log.warn(
          { request: name, reason: reasonOf(error) },
          "the control plane does not answer; trying again until it does",
        );
        this.#answering = false;
      }
      throw error;
    }
  }

  /**
   * Repeats the request until it is answered. Rejects with ControlRefusedError when the request itself is wrong, RangeError
   * when it is too large, and with the last error once `signal` is aborted or `giveUpSeconds` have passed.
   */
  async ask<N extends ControlRequestName>(name: N, body: ControlRequest<N>, options: AskOptions = {}): Promise<ControlReply<N>> {
    const { signal, giveUpSeconds = Infinity, timeoutSeconds = 10 } = options;
    return await retrying(
      (left) => {
        const seconds = Math.min(timeoutSeconds, Math.max(0.05, left / 1000));
        return this.once(name, body, { timeoutSeconds: seconds, ...(signal ? { signal } : {}) });
      },
      {
        now: () => performance.now(),
        until: performance.now() + giveUpSeconds * 1000,
        first: firstPauseMilliseconds,
        longest: longestPauseMilliseconds,
        pause: (milliseconds) => sleep(milliseconds, undefined, signal ? { signal } : {}),
        isFinal: (error) => isFinal(error) || (signal?.aborted ?? false),
      },
    );
  }
}

/** Repeating the request would not help. */
export function isFinal(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof ControlRefusedError && !error.retry);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
