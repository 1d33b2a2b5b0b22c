import { lacksSender, mayAsk, rolesOf, siteRefusal, type Route, type RouteRole } from "@basin/contracts";
import type { FastifyRequest } from "fastify";
import type { Env } from "../platform/env";
import { localAsker, setAsker, type Asker } from "./asker";
import { routeOf, type OperationName } from "./operation";
import { ForbiddenError, ForeignSiteError } from "./request-errors";

/** Of what the process says about itself and no route of the contracts declares. */
const ownRoles: Partial<Record<OperationName, RouteRole>> = {
  health: "public",
  ready: "public",
  metrics: "public",
  openapi: "viewer",
  docs: "viewer",
};

/** What a stranger may have where tokens are asked for. Everything else is refused, also what no operation's name stands on. */
function isOpen(operation: OperationName | undefined): boolean {
  return operation !== undefined && (routeOf(operation)?.role ?? ownRoles[operation]) === "public";
}

const cookieAlone =
  "a session's cookie alone may not change anything here: browsers name the page that sends it (Origin), and programs send the token as Authorization: Bearer";

/** Who looks after tokens, and after what belongs to whom. */
export interface Guard {
  /** Who carries the token of a request. Throws UnauthorizedError. */
  identify(request: FastifyRequest): Promise<Asker>;
  /** Throws NotFoundError for what the asker does not see, ForbiddenError for what they may not steer. */
  checkReach(route: Route, params: unknown, asker: Asker): Promise<void>;
}

/**
 * What every request passes before its body is read: it must be addressed to this Basin, come from no page of another site, and
 * with BASIN_AUTH=token carry a token whose role its operation takes, for something that its bearer sees; what would change something by a
 * browser's cookie says which page sends it. Which operation it asks for is decided by the handler that the router found, never by the text
 * of a URL: there are many ways to write one path.
 */
export class Door {
  #guard: Guard | null = null;

  constructor(private readonly env: Pick<Env, "auth" | "hosts">) {}

  /** Until this was called nobody gets further than the open operations. */
  guardBy(guard: Guard): void {
    this.#guard = guard;
  }

  /** Throws ForeignSiteError, UnauthorizedError, ForbiddenError, or NotFoundError. */
  async pass(request: FastifyRequest): Promise<void> {
    const { method, raw, headers } = request;
    const refusal = siteRefusal({ method, url: raw.url ?? "", headers, localAddress: raw.socket.localAddress }, this.env.hosts);
    if (refusal !== null) throw new ForeignSiteError(refusal);
    if (this.env.auth !== "token") {
      setAsker(request, localAsker);
      return;
    }
    const { operation } = request.routeOptions.config;
    if (isOpen(operation)) return;
    if (!this.#guard) throw new Error("nobody looks after the tokens of this process");
    const asker = await this.#guard.identify(request);
    setAsker(request, asker);
    if (lacksSender({ method, headers })) throw new ForeignSiteError(cookieAlone);
    // What no operation's name stands on does nothing; who carries a token may hear that it is not there.
    if (operation === undefined) return;
    const route = routeOf(operation);
    const asked = route ?? { role: ownRoles[operation] ?? "admin", method: "GET" };
    if (!mayAsk(asked, asker)) throw new ForbiddenError(refusalOf(asked, asker));
    if (route) await this.#guard.checkReach(route, request.params, asker);
  }
}

function refusalOf(route: Pick<Route, "role" | "trainers" | "method">, { name, role, scope }: Asker): string {
  const roles = rolesOf(route);
  if (!roles.includes(role)) return `the token "${name}" is of the role ${role}; this takes ${roles.join(", ")}`;
  return `the token "${name}" only reads (scope ${scope}); this changes something`;
}
