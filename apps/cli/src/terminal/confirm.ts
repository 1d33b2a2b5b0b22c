import { createInterface } from "node:readline/promises";
import { CommandFailed, exitCodes } from "../exit";

/** What a person types; null where there is none to ask: standard input and error are no terminal, or JSON is written. */
export async function typedIn(question: string, flags: { json?: boolean }): Promise<string | null> {
  if (flags.json === true || !process.stdin.isTTY || !process.stderr.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  return answer.trim();
}

/** Asks a person before something is done, where there is one to ask. Throws CommandFailed for anything but a yes. */
export async function confirmed(question: string, flags: { yes?: boolean; json?: boolean }): Promise<void> {
  const answer = flags.yes === true ? null : await typedIn(`${question} [y/N] `, flags);
  if (answer !== null && !/^y(es)?$/i.test(answer)) throw new CommandFailed(exitCodes.badInput, "nothing was done");
}
