import type { WriteStream } from "node:tty";

/** Where a command's words go: with `--json` stdout carries JSON only and everything for people goes to stderr. */
export class Output {
  readonly people: WriteStream;

  constructor(readonly json: boolean) {
    this.people = json ? process.stderr : process.stdout;
  }

  /** A line for people. */
  say(line = ""): void {
    this.people.write(`${line}\n`);
  }

  /** The command's result: JSON on stdout, or the lines for people. */
  result(value: unknown, lines: () => string[]): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else for (const line of lines()) this.say(line);
  }
}
