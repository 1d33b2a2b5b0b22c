/** SQLSTATE classes and codes after which the same work may succeed: connection trouble, shutdown, serialization, deadlock. */
const transientStates = new Set(["57P01", "57P02", "57P03", "40001", "40P01", "53300", "25P03"]);
const transientSystemCodes = new Set([
  // Prisma's: unreachable, timed out, closed the connection, no connection from the pool.
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOENT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** pg's word for an answer that did not come within `query_timeout`. */
const timeoutMessage = "Query read timeout";
const transientMessages = [
  timeoutMessage,
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "Client was closed",
  "Client is closed",
];

function codeOf(error: unknown): string | null {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** The statement may still be at work, or done. */
export function isTimeout(error: unknown): error is Error {
  return error instanceof Error && error.message === timeoutMessage;
}

/** Whether the database was away or in another's way, rather than the statement wrong. Looks through causes and aggregates. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null && (transientStates.has(code) || code.startsWith("08") || transientSystemCodes.has(code))) return true;
  if (!(error instanceof Error)) return false;
  if (transientMessages.some((message) => error.message.includes(message))) return true;
  if (error instanceof AggregateError && error.errors.some(isTransient)) return true;
  return error.cause !== undefined && isTransient(error.cause);
}
