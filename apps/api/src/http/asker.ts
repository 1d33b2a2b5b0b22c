import type { FastifyRequest } from "fastify";

/** The owner of everything that is submitted while no tokens are asked for. */
export const localOwner = "local";

export interface Asker {
  /** Of the token: the owner of what is submitted. */
  name: string;
  /** Id of the token; null while none are asked for. */
  token: string | null;
}

const askers = new WeakMap<FastifyRequest, Asker>();

/** Who sends a request: set once its token was checked. */
export function setAsker(request: FastifyRequest, asker: Asker): void {
  askers.set(request, asker);
}

export function askerOf(request: FastifyRequest): Asker {
  return askers.get(request) ?? { name: localOwner, token: null };
}
