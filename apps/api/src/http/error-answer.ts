import { errorStatuses, mostIssues, withCount, type ErrorBody, type ErrorStatus, type Issue } from "@basin/contracts";
import { transientTrouble, UnknownOutcomeError } from "@basin/database";
import { HttpException } from "@nestjs/common";
import { bodyLimitBytes } from "./json-body";
import {
  BusyError,
  ForbiddenError,
  ForeignSiteError,
  InputError,
  KeyReusedError,
  MalformedBodyError,
  MediaTypeError,
  MethodNotAllowedError,
  NotFoundError,
  RangeNotSatisfiableError,
  TooLargeError,
  TooManyFailuresError,
  UnauthorizedError,
} from "./request-errors";

/** How an error is answered. `unexpected`: nobody foresaw it, so it belongs into the log with its stack. */
export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: ErrorBody;
  unexpected: boolean;
}

type Code = ErrorBody["error"]["code"];

/** What NATS says when it is away. */
const unavailableNames = new Set([
  "ConnectionError",
  "ClosedConnectionError",
  "DrainingConnectionError",
  "TimeoutError",
  "NoRespondersError",
  "ControlUnavailableError",
  "NotStoredError",
]);
const retryAfterSeconds = 2;
/** Why Postgres or NATS cannot do it now, as opposed to a fault of ours; null: it is one. Looks through causes and aggregates. */
function troubleOf(error: unknown): string | null {
  const trouble = error instanceof UnknownOutcomeError ? error.message : transientTrouble(error);
  if (trouble !== null) return trouble;
  if (error instanceof AggregateError && error.errors.length > 0) {
    const troubles = error.errors.map(troubleOf);
    return troubles.includes(null) ? null : (troubles[0] ?? null);
  }
  if (!(error instanceof Error)) return null;
  return unavailableNames.has(error.name) ? "NATS cannot be reached at the moment" : troubleOf(error.cause);
}

/** What the body of an answer with this status says where nothing more is known. */
export const codeOfStatus = (status: number): Code =>
  status in errorStatuses ? errorStatuses[status as ErrorStatus].code : "malformed";

function answer(
  status: ErrorStatus,
  message: string,
  issues: readonly Issue[] = [],
  code: Code = codeOfStatus(status),
): ErrorAnswer {
  return { status, headers: {}, body: { error: { code, message, issues: [...issues] } }, unexpected: false };
}

function unavailable(message: string, issues: readonly Issue[] = []): ErrorAnswer {
  return { ...answer(503, message, issues), headers: { "retry-after": String(retryAfterSeconds) } };
}

/** A process that says itself that it is not ready (`{ parts: { postgres: "…", nats: null } }`). */
function unreadyParts(error: unknown): Issue[] {
  if (!(error instanceof HttpException)) return [];
  const response = error.getResponse();
  if (typeof response === "string" || !("parts" in response)) return [];
  return Object.entries(response.parts as Record<string, unknown>).flatMap(([path, message]) =>
    typeof message === "string" ? [{ path, message }] : [],
  );
}

function statusOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null) return null;
  if ("statusCode" in error && typeof error.statusCode === "number") return error.statusCode;
  if (error instanceof HttpException) return error.getStatus();
  return null;
}

/** The one place where errors become answers: status, code and plain text; never a stack, never SQL. */
export function answerOf(error: unknown, request: { id: string; method: string; path: string }): ErrorAnswer {
  if (error instanceof InputError) {
    const count = error.issues.length;
    const many = count > mostIssues ? `more than ${mostIssues}` : String(count);
    const message = count === 1 ? error.message : `${many} things are wrong: ${error.message}`;
    return answer(400, message.slice(0, 2000), withCount(error.issues, count), "invalid");
  }
  if (error instanceof MalformedBodyError) return answer(400, error.message);
  if (error instanceof UnauthorizedError)
    return { ...answer(401, error.message), headers: { "www-authenticate": 'Bearer realm="basin"' } };
  if (error instanceof TooManyFailuresError)
    return { ...answer(429, error.message), headers: { "retry-after": String(error.seconds) } };
  if (error instanceof ForbiddenError || error instanceof ForeignSiteError) return answer(403, error.message);
  if (error instanceof NotFoundError) return answer(404, error.message);
  if (error instanceof MethodNotAllowedError)
    return { ...answer(405, error.message), headers: { allow: error.allowed.join(", ") } };
  if (error instanceof Error && error.name === "ConflictError") return answer(409, error.message);
  if (error instanceof KeyReusedError) return answer(422, error.message);
  if (error instanceof TooLargeError) return answer(413, error.message);
  if (error instanceof MediaTypeError) return answer(415, error.message);
  if (error instanceof RangeNotSatisfiableError)
    return { ...answer(416, error.message), headers: { "content-range": `bytes */${error.bytes}` } };
  if (error instanceof BusyError) return unavailable(error.message);
  const trouble = troubleOf(error);
  if (trouble !== null) return unavailable(`${trouble}; try again in a few seconds`);
  const status = statusOf(error);
  if (status === 503) {
    const issues = unreadyParts(error);
    return unavailable(["not ready", ...issues.map((issue) => `${issue.path}: ${issue.message}`)].join("; "), issues);
  }
  if (status === 413)
    return answer(413, `the body is larger than the limit of ${bodyLimitBytes / 1024 / 1024} MB (${bodyLimitBytes} bytes)`);
  if (status === 404) return answer(404, `there is no ${request.method} ${request.path}; see /api/docs for what there is`);
  if (status !== null && status >= 400 && status < 500)
    return {
      ...answer(400, error instanceof Error ? error.message : "the request cannot be understood", [], codeOfStatus(status)),
      status,
    };
  const text = `something went wrong inside Basin; the API's log has the details under request ${request.id}`;
  return { ...answer(500, text), unexpected: true };
}
