import { ApiError } from "@basin/contracts";

/** The answer was lost, or the API or a server on the way says that it may be asked again: what was asked for may be done, or not. */
const passing: ReadonlySet<number> = new Set([0, 408, 429, 502, 503, 504]);

/** Between the tries of a request that may be repeated, in milliseconds. */
const pauses = [250, 1000, 2500];
const firstPause = 50;
const longestPause = 5000;

/** Three pauses; with `patienceSeconds` growing ones, each a random part of it longer or shorter, for as long. */
export function* pausesOf(patienceSeconds: number | undefined): Generator<number> {
  if (patienceSeconds === undefined) {
    yield* pauses;
    return;
  }
  const end = performance.now() + patienceSeconds * 1000;
  for (let pause = firstPause; performance.now() + pause < end; pause = Math.min(longestPause, pause * 2))
    yield pause * (0.5 + Math.random());
}

/** Does it again while it fails in a way that passes, after each of the pauses. Throws what it failed with last, and what ends `signal`. */
export async function repeated<T>(once: () => Promise<T>, pauses: Iterable<number>, signal?: AbortSignal): Promise<T> {
  for (const pause of pauses) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof ApiError) || !passing.has(error.status) || signal?.aborted === true) throw error;
      await rest(pause, signal);
    }
  }
  return once();
}

/** A while, or until `signal` aborts; then it rejects with its reason. */
export function rest(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", leave);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) leave();
    else signal?.addEventListener("abort", leave, { once: true });
  });
}
