import type { ErrorBody } from "@basin/contracts";
import * as http from "node:http";
import * as https from "node:https";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** Headers that belong to one connection and are not passed on (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "expect",
]);

/**
 * What this server's door has judged, or set for its own pages. The API has another host and port: to it a request from here is one
 * of a program.
 */
const ofTheDoor = /^(origin|referer|sec-fetch-.*|content-security-policy|x-nonce)$/;

const agents = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: Infinity }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: Infinity }),
};

export const apiOrigin = (): string => process.env.BASIN_API_URL ?? "http://127.0.0.1:4001";

function away(message: string): Response {
  const body: ErrorBody = { error: { code: "unavailable", message, issues: [] } };
  return Response.json(body, { status: 503, headers: { "cache-control": "no-store" } });
}

/** Whether the door found the request to come from a page of this dashboard. What changes something and names another was refused there. */
function isOfOwnPage({ headers }: Request): boolean {
  return headers.has("origin") || headers.get("sec-fetch-site") === "same-origin";
}

/** A length goes with a body only: the API would take the next request of the shared connection, another person's, for the one that is missing. */
function requestHeaders(request: Request): Record<string, string> {
  const headers: Record<string, string> = {};
  request.headers.forEach((value, name) => {
    if (!hopByHop.has(name) && !ofTheDoor.test(name)) headers[name] = value;
  });
  if (request.body === null) delete headers["content-length"];
  // The API lets nobody change anything by a cookie of which it does not know who sends it.
  if (request.headers.has("cookie") && isOfOwnPage(request)) headers["sec-fetch-site"] = "same-origin";
  return headers;
}

function responseHeaders(answer: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined || hopByHop.has(name)) continue;
    for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each);
  }
  // This server compresses what it may transform, and compressing holds events back.
  if ((answer.headers["content-type"] ?? "").startsWith("text/event-stream")) {
    headers.set("cache-control", "no-cache, no-transform");
    headers.set("x-accel-buffering", "no");
  }
  return headers;
}

const bodiless = new Set([204, 205, 304]);

/**
 * Passes a request to the API and streams both bodies, so that events arrive when they are sent and downloads of any size need
 * no memory here. The API's address is read at each request (BASIN_API_URL). When the API cannot be reached: 503 with an
 * ErrorBody. A browser that leaves ends the request to the API as well.
 */
export function forward(request: Request): Promise<Response> {
  if (!URL.canParse(apiOrigin()))
    return Promise.resolve(away(`BASIN_API_URL is "${apiOrigin()}", which is no URL; use one like http://127.0.0.1:4001`));
  // Only the path comes from the request: whatever it is, it is asked of the API.
  const target = new URL(apiOrigin());
  ({ pathname: target.pathname, search: target.search } = new URL(request.url));
  const secure = target.protocol === "https:";
  return new Promise((resolve) => {
    const outgoing = (secure ? https : http).request(
      target,
      {
        method: request.method,
        headers: requestHeaders(request),
        agent: agents[secure ? "https:" : "http:"],
        signal: request.signal,
      },
      (answer) => {
        const status = answer.statusCode ?? 502;
        const empty = bodiless.has(status) || request.method === "HEAD";
        if (empty) answer.resume();
        // A connection that breaks in the middle of a body must break the browser's as well, which toWeb does.
        const body = empty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
        resolve(new Response(body, { status, headers: responseHeaders(answer) }));
      },
    );
    outgoing.on("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code ?? cause.message;
      resolve(away(`The API at ${target.origin} does not answer (${why}). Start it, or point BASIN_API_URL at it.`));
    });
    if (request.body === null) outgoing.end();
    else {
      const upload = Readable.fromWeb(request.body as NodeReadableStream);
      upload.on("error", (cause) => outgoing.destroy(cause));
      upload.pipe(outgoing);
    }
  });
}
