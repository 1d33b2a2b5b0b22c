import type { ErrorBody } from "@basin/contracts";
import { maxHeaderSize, STATUS_CODES, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { codeOfStatus } from "./error-answer";
import { securityHeaders } from "./security-headers";

function bare(status: number, message: string): { headers: Record<string, string>; body: string } {
  const error: ErrorBody = { error: { code: codeOfStatus(status), message, issues: [] } };
  const body = JSON.stringify(error);
  const headers = {
    ...securityHeaders,
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  return { headers, body };
}

/** Answers a request past its handler, which may still wait for the body, and ends the connection. */
export function answerAndEnd(response: ServerResponse, status: number, message: string): void {
  const { headers, body } = bare(status, message);
  // Whoever reads the body hears that it broke off.
  response.writeHead(status, headers).end(body, () => response.req.destroy());
}

/** What Node cannot read as HTTP, or did not get in time: Fastify's `clientErrorHandler`. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  // An answer on the way cannot be followed by another.
  const answered = (socket as { _httpMessage?: { headersSent: boolean } | null })._httpMessage?.headersSent === true;
  if (answered || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const [status, message] = unreadable(error);
  const { headers, body } = bare(status, message);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`, () => socket.destroy());
}

function unreadable({ code, message }: NodeJS.ErrnoException): [status: number, message: string] {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return [408, "the head of the request did not come in time"];
  if (code === "HPE_HEADER_OVERFLOW")
    return [431, `path, query and headers together are larger than ${maxHeaderSize} bytes; what is long belongs into a body`];
  return [400, `this is no HTTP/1.1 as RFC 9112 has it: ${message}`];
}
