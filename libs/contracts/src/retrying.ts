/** How something is tried again. Times are in milliseconds. */
export interface Patience {
  /** Reads the clock that `until` is told by. */
  now: () => number;
  /** When no further attempt is begun; Infinity: never. */
  until: number;
  /** The pause before the second attempt. */
  first: number;
  /** Pauses grow up to this; left out: all are as long as the first. */
  longest?: number;
  /** By what each pause is longer than the one before; default 2. */
  growth?: number;
  pause: (milliseconds: number) => Promise<void>;
  /** Whether another attempt would fail in the same way. Left out: none would. */
  isFinal?: (error: unknown) => boolean;
  /** What is done of an error before the pause that follows it. */
  beforePause?: (error: unknown) => void | Promise<void>;
}

/**
 * The value of the first attempt that succeeds; an attempt is told how much time is left. Rejects with the error of the last attempt, when
 * that is final or the pause after it would end too late.
 */
export async function retrying<T>(attempt: (left: number) => Promise<T>, patience: Patience): Promise<T> {
  const { now, until, first, longest = first, growth = 2, pause, isFinal, beforePause } = patience;
  for (let wait = first; ; wait = Math.min(wait * growth, longest)) {
    try {
      return await attempt(until - now());
    } catch (error) {
      if (isFinal?.(error) || now() + wait > until) throw error;
      await beforePause?.(error);
      await pause(wait);
    }
  }
}
