import { defaultProject, type Role, type TokenScope } from "@basin/contracts";
import type { FastifyRequest } from "fastify";

/** The owner of everything that is submitted while no tokens are asked for. */
export const localOwner = "local";

export interface Asker {
  /** Of the token: the owner of what is submitted. */
  name: string;
  /** Id of the token; null while none are asked for. */
  token: string | null;
  role: Role;
  /** Null: a trainer of all projects. */
  project: string | null;
  scope: TokenScope;
  /** Of a trainer. */
  pool: string | null;
}

/** Who asks while no tokens are asked for: one person, who may do everything. */
export const localAsker: Asker = {
  name: localOwner,
  token: null,
  role: "admin",
  project: defaultProject,
  scope: "all",
  pool: null,
};

/** The project whose things alone an asker sees; null: an admin sees all. */
export const seenProject = ({ role, project }: Asker): string | null => (role === "admin" ? null : (project ?? null));

/** Where what an asker submits belongs. */
export const ownProject = ({ project }: Asker): string => project ?? defaultProject;

const askers = new WeakMap<FastifyRequest, Asker>();

/** Who sends a request: set once its token was checked. */
export function setAsker(request: FastifyRequest, asker: Asker): void {
  askers.set(request, asker);
}

/** Null where a token is asked for and none that counts came. */
export const knownAsker = (request: FastifyRequest): Asker | null => askers.get(request) ?? null;

export function askerOf(request: FastifyRequest): Asker {
  return askers.get(request) ?? localAsker;
}
