import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../platform/log";
import { LOG } from "../platform/injection-keys";
import { answerOf } from "./error-answer";

/** How long the rest of a body that is too large is read and dropped, so that its sender gets to see the answer. */
const drainSeconds = 10;

/** Set for an answer that then could not be given. */
const headersOfContent = ["content-disposition", "content-length", "content-encoding", "etag"];

/** Gives every error the body of the contracts. An error after the first byte can only cut the connection. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): FastifyReply {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const path = request.url.split("?")[0] ?? request.url;
    const { status, headers, body, unexpected } = answerOf(error, { id: request.id, method: request.method, path });
    if (unexpected) this.log.error({ err: error, requestId: request.id, method: request.method, path }, "a request failed");
    else if (status >= 500)
      this.log.warn({ reason: String(error), method: request.method, path }, "a request could not be served");
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return reply;
    }
    for (const name of headersOfContent) reply.removeHeader(name);
    if (status === 413) {
      reply.removeHeader("connection");
      request.raw.resume();
      const giveUp = setTimeout(() => request.raw.destroy(), drainSeconds * 1000).unref();
      request.raw.once("close", () => clearTimeout(giveUp));
    }
    return reply.status(status).headers(headers).type("application/json; charset=utf-8").send(body);
  }
}
