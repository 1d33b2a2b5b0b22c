import { idempotencyHeader, idempotencyKeyPattern, type RouteName } from "@basin/contracts";
import type { KeyedRequest } from "@basin/database";
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { askerOf, localOwner } from "./asker";
import { InputError } from "./request-errors";
import { routeOf } from "./operation";

/** Fields in one order, so that two spellings of a request are one request. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}

/**
 * The key of a request for something that is done once, with what tells the request from others; null where its sender gave none, or the
 * route has no use for one. The key may stand in quotes, as the header's draft has it (draft-ietf-httpapi-idempotency-key-header).
 * Throws InputError.
 */
export function keyedRequest(
  name: RouteName,
  request: FastifyRequest,
  input: { params?: unknown; body?: unknown },
): KeyedRequest | null {
  const given = request.headers[idempotencyHeader.toLowerCase()];
  if (given === undefined || routeOf(name)?.once !== true) return null;
  const key = String(given).replace(/^"(.*)"$/, "$1");
  if (!idempotencyKeyPattern.test(key))
    throw new InputError([
      {
        path: idempotencyHeader,
        message: "a key has 1 to 255 printable ASCII characters",
        hint: "send a new UUID with each request",
      },
    ]);
  const sha256 = createHash("sha256")
    .update(canonical([name, input.params, input.body]))
    .digest("hex");
  return { asker: askerOf(request).token ?? localOwner, key, sha256 };
}
