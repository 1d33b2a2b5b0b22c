import { messageOf } from "@basin/contracts";
import { setTimeout as sleep } from "node:timers/promises";
export interface EventuallyOptions {
  /** Default 10. */
  timeoutSeconds?: number;
  /** Default 50. */
  everyMilliseconds?: number;
  /** What is waited for, for the message of the failure. */
  what?: string;
}

/**
 * Calls `probe` until it returns something truthy, and returns that. Throws when the time is over, with the error or value of
 * the last call. A probe that throws counts as not yet.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const timeoutSeconds = options.timeoutSeconds ?? 10;
  const deadline = performance.now() + timeoutSeconds * 1000;
  let last = "nothing";
  for (;;) {
    try {
      const value = await probe();
      if (value) return value as Exclude<T, false | null | undefined>;
      last = String(value);
    } catch (error) {
      last = messageOf(error);
    }
    if (performance.now() > deadline) {
      throw new Error(`not within ${timeoutSeconds} s: ${options.what ?? probe.toString()}; last: ${last}`);
    }
    await sleep(options.everyMilliseconds ?? 50);
  }
}
