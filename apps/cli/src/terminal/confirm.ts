import { createInterface } from "node:readline/promises";
import { CommandFailed, exitCodes } from "../exit";

/**
 * Asks a person before something that cannot be undone. Only where there is one to ask: standard input and error are a terminal. Throws
 * CommandFailed for anything but a yes.
 */
export async function confirmed(question: string, flags: { yes?: boolean; json?: boolean }): Promise<void> {
  if (flags.yes === true || flags.json === true || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailed(exitCodes.badInput, "nothing was done");
}
