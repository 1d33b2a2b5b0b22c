import { call as callRoute, type CallInput, type AnswerOf, type RouteName } from "@basin/contracts";

/** The token to send, from BASIN_TOKEN; none when it is empty. */
export function tokenOption(): { token?: string } {
  const given = process.env["BASIN_TOKEN"]?.trim() ?? "";
  return given === "" ? {} : { token: given };
}

/** `call` of the contracts with the token of the environment. */
export function call<N extends RouteName>(
  base: string,
  name: N,
  input: CallInput<N>,
  options: { signal?: AbortSignal; fetch?: typeof fetch } = {},
): Promise<AnswerOf<N>> {
  return callRoute(base, name, input, { ...options, ...tokenOption() });
}

/** Header for requests that `call` does not make. */
export function authorization(): Record<string, string> {
  const { token } = tokenOption();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
