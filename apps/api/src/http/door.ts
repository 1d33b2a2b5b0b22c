import { lacksSender, siteRefusal } from "@basin/contracts";
import type { FastifyRequest } from "fastify";
import type { Env } from "../platform/env";
import { setAsker, type Asker } from "./asker";
import type { OperationName } from "./operation";
import { ForeignSiteError } from "./request-errors";

/**
 * What a stranger may have where tokens are asked for: signs of life, and to ask whether a token is needed, bring one, or forget it.
 * Everything else is refused, also what no operation's name stands on.
 */
export const openOperations: ReadonlySet<OperationName> = new Set([
  "health",
  "ready",
  "metrics",
  "getSession",
  "openSession",
  "closeSession",
]);

const cookieAlone =
  "a session's cookie alone may not change anything here: browsers name the page that sends it (Origin), and programs send the token as Authorization: Bearer";

/** Who carries the token of these headers. Throws UnauthorizedError. */
export type IdentifyAsker = (headers: FastifyRequest["headers"]) => Promise<Asker>;

/**
 * What every request passes before its body is read: it must be addressed to this Basin, come from no page of another site, and
 * with BASIN_AUTH=token carry a token, unless it asks for an open operation; what would change something by a browser's cookie says which page sends it. Which one it asks for is decided by the handler that
 * the router found, never by the text of a URL: there are many ways to write one path.
 */
export class Door {
  #identify: IdentifyAsker = () => Promise.reject(new Error("nobody looks after the tokens of this process"));

  constructor(private readonly env: Pick<Env, "auth" | "hosts">) {}

  /** Until this was called nobody gets further than the open operations. */
  identifyBy(identify: IdentifyAsker): void {
    this.#identify = identify;
  }

  /** Throws ForeignSiteError, or UnauthorizedError. */
  async pass(request: FastifyRequest): Promise<void> {
    const { method, raw, headers } = request;
    const refusal = siteRefusal({ method, url: raw.url ?? "", headers, localAddress: raw.socket.localAddress }, this.env.hosts);
    if (refusal !== null) throw new ForeignSiteError(refusal);
    if (this.env.auth !== "token") return;
    const { operation } = request.routeOptions.config;
    if (operation !== undefined && openOperations.has(operation)) return;
    const asker = await this.#identify(headers);
    if (lacksSender({ method, headers })) throw new ForeignSiteError(cookieAlone);
    setAsker(request, asker);
  }
}
