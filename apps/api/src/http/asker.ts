import type { FastifyRequest } from "fastify";

/** The owner of everything that is submitted while no tokens are asked for. */
export const localOwner = "local";

const askers = new WeakMap<FastifyRequest, string>();

/** Who sends a request: set once its token was checked. */
export function setAsker(request: FastifyRequest, name: string): void {
  askers.set(request, name);
}

export function askerOf(request: FastifyRequest): string {
  return askers.get(request) ?? localOwner;
}
