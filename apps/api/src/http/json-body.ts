import { findJsonFault, nestsDeeperThan } from "./json-fault";
import { MalformedBodyError } from "./request-errors";

/** No request body may be larger. The largest honest one is a sweep with 100,000 listed values. */
export const bodyLimitBytes = 5 * 1024 * 1024;

/** Deeper nesting serves nothing and could exhaust the stack of whatever walks it. */
const depthLimit = 32;

/** Parses a body; empty text is `undefined`. Throws MalformedBodyError that says where the text stops being JSON. */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === "") return undefined;
  if (nestsDeeperThan(text, depthLimit))
    throw new MalformedBodyError(`the body nests arrays and objects deeper than ${depthLimit} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const fault = findJsonFault(text);
    const where = fault ? `at line ${fault.line}, column ${fault.column}: ${fault.message}` : `: ${(error as Error).message}`;
    throw new MalformedBodyError(`the body is not valid JSON ${where}`);
  }
}
