import { DataDirectoryInUse, NatsMissing, PortTaken, ProcessFailed } from "@basin/stack";
import { CommandFailed, exitCodes } from "../exit";
import type { Output } from "../output";
import { readSettings } from "../settings";
import type { Interruption } from "./interruption";
import { LocalStack, type StackEvent } from "./local-stack";
import { StartView } from "./start-view";

export interface StackFlags {
  trainers: number;
  apis: number;
  web: boolean;
}

/** Starts the stack with its progress shown; `heard` sees every event as well. Failures become messages with an exit code. */
export async function runStack(
  flags: StackFlags,
  command: string,
  output: Output,
  interruption: Interruption,
  heard: (event: StackEvent) => void = () => undefined,
): Promise<LocalStack> {
  const settings = readSettings();
  const view = new StartView(output);
  output.say(`Basin starts; its data is in ${settings.dataDirectory}`);
  try {
    return await LocalStack.start({
      ...flags,
      settings,
      command,
      signal: interruption.signal,
      notify: (event) => {
        view.show(event);
        heard(event);
      },
    });
  } catch (error) {
    if (interruption.signal.aborted) throw new CommandFailed(exitCodes.interrupted, "stopped while starting");
    if (
      error instanceof DataDirectoryInUse ||
      error instanceof PortTaken ||
      error instanceof ProcessFailed ||
      error instanceof NatsMissing
    ) {
      throw new CommandFailed(exitCodes.unavailable, error.message);
    }
    throw error;
  }
}
