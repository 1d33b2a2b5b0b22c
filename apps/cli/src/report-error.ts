import { messageOf } from "@basin/contracts";
import { CommandFailed, exitCodes } from "./exit";
import { firstTokenHint } from "./settings";
import { CommanderError } from "commander";

interface Failure {
  exitCode: number;
  code: string;
  message: string;
  details: readonly string[];
}

interface ApiErrorShape extends Error {
  status: number;
  code: string;
  issues: readonly { path: string; message: string; hint?: string | undefined }[];
}

/** By shape, so that the client with its schemas is not loaded only to fail. */
function isApiError(error: unknown): error is ApiErrorShape {
  return error instanceof Error && error.name === "ApiError" && "status" in error && "issues" in error;
}

function issueLines(issues: ApiErrorShape["issues"]): string[] {
  return issues.map(({ path, message, hint }) => {
    const where = path === "" || message.startsWith(path) ? "" : `${path}: `;
    return `${where}${message}${hint ? ` (${hint})` : ""}`;
  });
}

/** What the message does not say yet: of a single fault it often says everything but what would be right. */
function detailsOf({ message, issues }: ApiErrorShape): string[] {
  const [only] = issues;
  if (issues.length === 1 && only && message.includes(only.message)) return only.hint === undefined ? [] : [only.hint];
  return issueLines(issues);
}

function failureOf(error: unknown): Failure {
  if (error instanceof CommandFailed) {
    return { exitCode: error.exitCode, code: "failed", message: error.message, details: error.details };
  }
  if (isApiError(error)) {
    if (error.status === 0) {
      const details = ["Is the stack up? Start it with `npm start`, or say where it is: BASIN_URL=http://host:port"];
      return { exitCode: exitCodes.unavailable, code: error.code, message: error.message, details };
    }
    const exitCode = error.status >= 500 ? exitCodes.unavailable : exitCodes.badInput;
    const hint = error.status === 401 ? firstTokenHint() : null;
    const details = hint === null ? detailsOf(error) : [`Of this machine's stack ${hint}`];
    return { exitCode, code: error.code, message: error.message, details };
  }
  const details = error instanceof Error && error.stack ? error.stack.split("\n").slice(1) : [];
  return {
    exitCode: exitCodes.internal,
    code: "internal",
    message: messageOf(error),
    details,
  };
}

/** Says what went wrong on stderr (with `json` also as JSON on stdout) and ends the process with the matching code. */
export async function reportAndExit(error: unknown, json: boolean): Promise<never> {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and version are no errors.
    process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput);
  }
  const { exitCode, code, message, details } = failureOf(error);
  const lines = [`basin: ${message}`, ...details.map((line) => `  ${line}`)];
  await new Promise<void>((resolve) => process.stderr.write(`${lines.join("\n")}\n`, () => resolve()));
  if (json) {
    const body = JSON.stringify({ error: { code, message, details } }, null, 2);
    await new Promise<void>((resolve) => process.stdout.write(`${body}\n`, () => resolve()));
  }
  process.exit(exitCode);
}
