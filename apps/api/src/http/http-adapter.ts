import { randomUUID } from "node:crypto";
import { datasetMediaType } from "@basin/contracts";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerOf } from "./error-answer";
import type { Door } from "./door";
import { bodyLimitBytes, parseJsonBody } from "./json-body";

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
  fastify.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    reply.header("x-request-id", request.id);
    const isDocs = request.routeOptions.config.operation === "docs";
    reply.headers(isDocs ? { "content-security-policy": docsPolicy } : { "cache-control": "no-store" });
    await door.pass(request);
  });
}

/**
 * Fastify under Nest, set up for Basin: JSON bodies of at most `bodyLimitBytes`, request ids, security headers, no CORS, and
 * nothing past the door. Create the Nest application with `bodyParser: false`, since the parsers are these.
 */
export function createHttpAdapter(door: Door): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    genReqId: () => randomUUID().slice(0, 8),
    trustProxy: false,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
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
  prepare(adapter.getInstance(), door);
  return adapter;
}
