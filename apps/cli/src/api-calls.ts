import { BasinClient } from "@basin/client";
import type { AnswerOf, CallInput, RouteName } from "@basin/contracts";

/**
 * The Basin at an origin, with the token of the environment (BASIN_TOKEN; none when it is empty). A command says at once that nobody answers, so nothing is
 * sent again that was not asked to be.
 */
export function basinAt(origin: string): BasinClient {
  const token = process.env["BASIN_TOKEN"]?.trim() ?? "";
  return new BasinClient({ url: origin, token: token === "" ? undefined : token, repeatReads: false });
}

/** `basinAt(origin).call`. */
export const call = <N extends RouteName>(
  origin: string,
  name: N,
  input: CallInput<N>,
  options: { signal?: AbortSignal } = {},
): Promise<AnswerOf<N>> => basinAt(origin).call(name, input, options);
