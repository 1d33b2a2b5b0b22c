import { randomUUID } from "node:crypto";
import { datasetMediaType } from "@basin/contracts";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerOf } from "./error-answer";
import { bodyLimitBytes, parseJsonBody } from "./json-body";
import { ForeignPageError } from "./request-errors";

const securityHeaders = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};
/** The documentation page runs its own script and styles itself; nothing of it comes from elsewhere. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

function prepare(fastify: FastifyInstance): void {
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
  fastify.addHook("onRequest", (request, reply, done) => {
    reply.headers(securityHeaders);
    reply.header("x-request-id", request.id);
    if (request.url.startsWith("/api/docs")) reply.header("content-security-policy", docsPolicy);
    else reply.header("cache-control", "no-store");
    // Browsers set this header themselves: no foreign page may submit or cancel sweeps on a person's own machine.
    const foreign = request.headers["sec-fetch-site"] === "cross-site" && !["GET", "HEAD"].includes(request.method);
    done(foreign ? new ForeignPageError() : undefined);
  });
}

/**
 * Fastify under Nest, set up for Basin: JSON bodies of at most `bodyLimitBytes`, request ids, security headers, no CORS.
 * Create the Nest application with `bodyParser: false`, since the parsers are these.
 */
export function createHttpAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    genReqId: () => randomUUID().slice(0, 8),
    trustProxy: false,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    // Paths that the router cannot read (bad percent-encoding, over-long parts) never reach Nest.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = answerOf(error, { id: request.id, method: request.method, path: request.url });
      void reply.status(status).headers(securityHeaders).type("application/json; charset=utf-8").send(body);
    },
  });
  prepare(adapter.getInstance());
  return adapter;
}
