import { randomUUID } from "node:crypto";
import { datasetMediaType } from "@basin/contracts";
import { NotFoundException } from "@nestjs/common";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerUnreadable } from "./bare-answer";
import type { Door } from "./door";
import { answerOf } from "./error-answer";
import { bodyLimitBytes, parseJsonBody } from "./json-body";
import { MediaTypeError, MethodNotAllowedError } from "./request-errors";
import { routeOf } from "./operation";
import { PathMethods } from "./path-methods";
import { securityHeaders } from "./security-headers";
import { endSlowBodies, type BodyPatience } from "./slow-bodies";

/** The documentation page runs its own script and styles itself; nothing of it comes from elsewhere. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** The head of a request must have come within this time; looked at every `checkSeconds`. */
const headSeconds = 20;
const checkSeconds = 2;

/** A body of a type that its route does not take is not read. Throws MediaTypeError. */
function checkMediaType({ routeOptions, headers }: FastifyRequest): void {
  const route = routeOf(routeOptions.config.operation);
  const expected = route?.upload ?? (route?.body && "application/json");
  const isThere = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  if (expected === undefined || !isThere) return;
  const type = headers["content-type"];
  if (type?.split(";")[0]?.trim().toLowerCase() !== expected) throw new MediaTypeError(expected, type);
}

function prepare(fastify: FastifyInstance, door: Door): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body.toString()));
    } catch (error) {
      done(error as Error);
    }
  });
  // Files are read by their handler, piece by piece, with a limit of its own.
  fastify.addContentTypeParser(datasetMediaType, (_request, _payload, done) => done(null, undefined));
  const methods = new PathMethods();
  fastify.addHook("onRoute", (route) => methods.add(route.method, route.url));
  fastify.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    reply.header("x-request-id", request.id);
    const isDocs = request.routeOptions.config.operation === "docs";
    reply.headers(isDocs ? { "content-security-policy": docsPolicy } : { "cache-control": "no-store" });
    await door.pass(request);
    checkMediaType(request);
    if (!request.is404) return;
    const path = request.url.split("?")[0] ?? "";
    const allowed = methods.at(path);
    throw allowed.length > 0 ? new MethodNotAllowedError(request.method, path, allowed) : new NotFoundException();
  });
}

/**
 * Fastify under Nest, set up for Basin: JSON bodies of at most `bodyLimitBytes`, request ids, security headers, no CORS, and
 * nothing past the door; who is slow is not waited for. Create the Nest application with `bodyParser: false`, since the parsers are these.
 */
export function createHttpAdapter(door: Door, patience?: BodyPatience): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    genReqId: () => randomUUID().slice(0, 8),
    trustProxy: false,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    http: { headersTimeout: headSeconds * 1000, connectionsCheckingInterval: checkSeconds * 1000 },
    clientErrorHandler: answerUnreadable,
    // Paths that the router cannot read (bad percent-encoding, over-long parts) never reach Nest, nor any hook.
    frameworkErrors: (unreadable: Error, request: FastifyRequest, reply: FastifyReply) => {
      const answerWith = (error: unknown): void => {
        const { status, headers, body } = answerOf(error, { id: request.id, method: request.method, path: request.url });
        void reply
          .status(status)
          .headers({ ...securityHeaders, ...headers })
          .type("application/json; charset=utf-8")
          .send(body);
      };
      door.pass(request).then(() => answerWith(unreadable), answerWith);
    },
  });
  const fastify: FastifyInstance = adapter.getInstance();
  prepare(fastify, door);
  endSlowBodies(fastify.server, patience);
  return adapter;
}
