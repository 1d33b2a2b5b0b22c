import { BasinClient } from "@basin/client";
import { ApiError, newIdempotencyKey, type CallInput, type AnswerOf, type RouteName } from "@basin/contracts";

/** The API through this server's own proxy. What failed because it is away is asked again by the cache of answers, not here. */
export const basin = new BasinClient({ url: "", repeatReads: false });

/** Throws ApiError. */
export const api = <N extends RouteName>(
  name: N,
  input: CallInput<N>,
  options: { signal?: AbortSignal } = {},
): Promise<AnswerOf<N>> => basin.call(name, input, options);
/** Keys of what was submitted and not answered, by what it was. */
const unanswered = new Map<string, string>();

/**
 * `api` for what is done once: pressed again after no answer came, or while one is waited for, it is the same request as before and is
 * not done twice. Throws ApiError.
 */
export async function apiOnce<N extends "createSweep" | "cloneSweep" | "extendSweep">(
  name: N,
  input: CallInput<N>,
): Promise<AnswerOf<N>> {
  const request = JSON.stringify([name, input]);
  const key = unanswered.get(request) ?? newIdempotencyKey();
  unanswered.set(request, key);
  try {
    const answer = await basin.call(name, input, { key });
    unanswered.delete(request);
    return answer;
  } catch (error) {
    if (!isAway(error)) unanswered.delete(request);
    throw error;
  }
}

/** Nothing answers, or what answers cannot reach its database: worth asking again without being told. */
export const isAway = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 502);

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
