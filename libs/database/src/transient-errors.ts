/** What the database lacks now and may have again, in words for a person. */
const shortages: Record<string, string> = {
  "53100": "the disk of the database is full: nothing can be stored until it has room again",
  "53200": "the database is out of memory",
  "53300": "the database has no connection left",
  "53400": "a limit that is set in the database's configuration is reached",
};
const awayText = "the database cannot be reached at the moment";
const busyText = "the database was busy with something that stands in the way";

/** SQLSTATE codes after which the same work may succeed: shutdown and restart (57P), time-outs, serialization, deadlock, a lock that is held. */
const busyStates = new Set(["57014", "40001", "40P01", "55P03"]);
const awayStates = new Set(["57P01", "57P02", "57P03", "57P04", "57P05", "25P03"]);
/** Prisma's: unreachable, timed out, closed the connection, no connection from the pool. */
const prismaCodes = new Set(["P1001", "P1002", "P1008", "P1017", "P2024"]);
const systemCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** pg's word for an answer that did not come within `query_timeout`. */
const timeoutMessage = "Query read timeout";
const awayMessages = [
  timeoutMessage,
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "Client was closed",
  "Client is closed",
  "Cannot use a pool after",
];

/** Prisma's words for a connection that could not be made, broke or did not answer. */
const brokenConnections = new Set(["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout"]);
/** SQLSTATE: connection failure. */
const connectionFailure = "08006";

/** What the driver below Prisma reported, which Prisma wraps and renames. */
function driverFault(error: Error): { kind: string; originalCode?: string; originalMessage?: string } | null {
  const meta = "meta" in error ? (error.meta as { driverAdapterError?: unknown } | undefined) : undefined;
  const { cause } = meta?.driverAdapterError instanceof Error ? meta.driverAdapterError : error;
  return typeof cause === "object" && cause !== null && "kind" in cause ? (cause as { kind: string }) : null;
}

/** An error of Prisma's as pg tells it, by its SQLSTATE, so that one rule judges both. Other errors stay as they are. */
export function asToldByPg(error: unknown): unknown {
  const fault = error instanceof Error ? driverFault(error) : null;
  if (!fault) return error;
  const code = fault.originalCode ?? (brokenConnections.has(fault.kind) ? connectionFailure : null);
  return code === null ? error : Object.assign(new Error(fault.originalMessage ?? fault.kind, { cause: error }), { code });
}

/** The statement may still be at work, or done. */
export function isTimeout(error: unknown): error is Error {
  return error instanceof Error && error.message === timeoutMessage;
}

/** Whether the database was away, in another's way or short of something, rather than the statement wrong: the same work may succeed later. */
export function isTransient(error: unknown): boolean {
  return transientTrouble(error) !== null;
}

/** Why the same work may succeed later, in words for a person; null: it would not. Looks through causes, and at all parts of an aggregate. */
export function transientTrouble(error: unknown): string | null {
  const code = codeOf(error);
  if (code.startsWith("53")) return shortages[code] ?? "the database lacks resources at the moment";
  if (busyStates.has(code)) return busyText;
  if (awayStates.has(code) || code.startsWith("08") || prismaCodes.has(code) || systemCodes.has(code)) return awayText;
  if (!(error instanceof Error)) return null;
  // A socket's file that is not there; other files that are not there have nothing to do with the database.
  if (code === "ENOENT" && "syscall" in error && error.syscall === "connect") return awayText;
  if (awayMessages.some((message) => error.message.includes(message))) return awayText;
  if (error instanceof AggregateError && error.errors.length > 0) {
    const troubles = error.errors.map(transientTrouble);
    return troubles.every((trouble) => trouble !== null) ? (troubles[0] ?? null) : null;
  }
  return transientTrouble(error.cause);
}

/** SQLSTATE, Prisma's or the system's; the driver adapter of Prisma puts the first into `cause.originalCode`. */
function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return "originalCode" in error && typeof error.originalCode === "string" ? error.originalCode : "";
}
