import { siteRefusal, type AllowedHosts, type ErrorBody } from "@basin/contracts";
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerHeaders, pagePolicy, partHeaders } from "./page-policy";

/** Header in which the pages find the nonce that their scripts need. A sender's own is overwritten. */
const nonceHeader = "x-nonce";

/** Of a dashboard and its proxy; Next would fail over others. */
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Parts of a page: scripts, styles, fonts, and what Next sends for a page that is opened from another. */
const loadedByPages = /^(text\/css|(text|application)\/javascript|text\/x-component|font\/)/;

/**
 * What every request passes before Next looks at it: it must be addressed to this dashboard, come from no page of another site, and
 * have one plain path. Answers itself and returns false, or prepares request and answer and returns true: whatever is answered then
 * carries the headers of a page, where it has none of its own. Decides nothing by what a path says.
 */
export function passDoor(request: IncomingMessage, response: ServerResponse, hosts: AllowedHosts): boolean {
  const { method = "", url = "", headers, socket } = request;
  const refusal = siteRefusal({ method, url, headers, localAddress: socket.localAddress }, hosts);
  if (refusal !== null) return refuse(response, 403, "forbidden", refusal);
  if (!methods.includes(method)) {
    response.setHeader("allow", methods.join(", "));
    return refuse(response, 405, "not-found", `nothing here answers ${method}`);
  }
  const target = plainTarget(url);
  if (target === null) return refuse(response, 404, "not-found", "there is nothing at a path that is written like this");
  request.url = target;
  const nonce = randomBytes(16).toString("base64");
  const policy = pagePolicy(nonce);
  // Next gives its inline scripts the nonce of this header.
  headers["content-security-policy"] = policy;
  headers[nonceHeader] = nonce;
  beforeHead(response, () => {
    const isPart = loadedByPages.test(String(response.getHeader("content-type")));
    const own = isPart ? partHeaders : { ...answerHeaders, "content-security-policy": policy };
    for (const [name, value] of Object.entries(own)) if (!response.hasHeader(name)) response.setHeader(name, value);
  });
  return true;
}

/**
 * Path and query of a request target; of a whole URL (RFC 9112, 3.2.2) its own. Null for what servers on the way could read in
 * different ways: doubled or backward slashes, a fragment, percent signs that encode nothing.
 */
function plainTarget(target: string): string | null {
  const whole = target.replace(/^https?:\/\/[^/?#]*/i, "");
  const [path = ""] = whole.split("?", 1);
  if (!path.startsWith("/") || whole.includes("#")) return null;
  try {
    return /\/\/|[\\\0]/.test(decodeURIComponent(path)) ? null : whole;
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: number, code: ErrorBody["error"]["code"], message: string): false {
  const body: ErrorBody = { error: { code, message, issues: [] } };
  response.writeHead(status, {
    ...answerHeaders,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
  });
  response.end(JSON.stringify(body));
  return false;
}

/** Runs `act` right before the head is sent, whoever sends it. */
function beforeHead(response: ServerResponse, act: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (...head: unknown[]) => {
    if (!response.headersSent) act();
    return writeHead(...head);
  };
}
