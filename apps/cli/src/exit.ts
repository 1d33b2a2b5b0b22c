/** What the process' exit code says; `basin --help` prints this list. */
export const exitCodes = {
  ok: 0,
  /** The sweep ended with runs that failed, or runs are missing. */
  runsLost: 1,
  /** A wrong command line, file, sweep or id; or an action that the sweep's state does not allow. */
  badInput: 2,
  /** No API answers, or the local stack could not start. */
  unavailable: 3,
  internal: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with a message for people and an exit code. */
export class CommandFailed extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly details: readonly string[] = [],
  ) {
    super(message);
    this.name = "CommandFailed";
  }
}
