import { issuesOf } from "@basin/contracts";
import { ZodError } from "zod";

const stackLines = 8;
const messageCharacters = 2000;

/** Of an error: one line for a person, and where it was thrown for those who mend it. */
export interface ErrorText {
  message: string;
  stack: string;
}

/** Names of what JavaScript itself throws at a mistake in a program: its message says little without. */
const mistakes = new Set(["TypeError", "ReferenceError", "SyntaxError", "AssertionError"]);

export function textOf(error: unknown): ErrorText {
  if (!(error instanceof Error)) return { message: inOneLine(String(error)), stack: "" };
  const stack = (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, stackLines)
    .join("\n");
  return { message: inOneLine(messageOf(error)), stack };
}

function messageOf(error: Error): string {
  if (error instanceof ZodError)
    return issuesOf(error)
      .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
      .join("; ");
  if (error.message === "") return error.name;
  return mistakes.has(error.name) ? `${error.name}: ${error.message}` : error.message;
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, messageCharacters);
}
