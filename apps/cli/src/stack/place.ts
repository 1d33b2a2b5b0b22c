import { readLock } from "@basin/stack";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandFailed, exitCodes } from "../exit";
import type { Output } from "../output";
import { readSettings } from "../settings";
import { Interruption } from "./interruption";
import type { LocalStack } from "./local-stack";
import { runStack } from "./run-stack";

/** The stack that a command works with. */
export interface Place {
  api: string;
  web: string | null;
  /** Null when the stack was there before us. */
  own: LocalStack | null;
}

/**
 * Does a command's work at a place that is found or started, and stops what was started; with `keep` only at Ctrl-C, once the work is
 * done: the outcome is the work's all the same. Interrupted work ends with its own exit code.
 */
export async function atPlace(
  command: string,
  { web, keep }: { web: boolean; keep: boolean },
  output: Output,
  work: (place: Place, interruption: Interruption) => Promise<void>,
): Promise<void> {
  const interruption = new Interruption();
  const place = await findOrStart(command, web, output, interruption);
  try {
    await work(place, interruption);
    if (keep && place.own !== null && !interruption.signal.aborted) {
      output.say("The stack stays up; Ctrl-C stops it.");
      await interruption.wait();
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.exitCode = exitCodes.interrupted;
  } finally {
    await place.own?.stop();
  }
}

/** BASIN_URL, else the running stack of the data directory, else a new one with one API and one trainer. */
async function findOrStart(command: string, web: boolean, output: Output, interruption: Interruption): Promise<Place> {
  if (process.env.BASIN_URL) return { api: new URL(process.env.BASIN_URL).origin, web: null, own: null };
  const { dataDirectory } = readSettings();
  for (let lock = readLock(dataDirectory); lock !== null; lock = readLock(dataDirectory)) {
    if (lock.urls) {
      output.say(`Using the stack that runs already (process ${lock.holder.pid})`);
      return { ...lock.urls, own: null };
    }
    // It is starting or stopping.
    await sleep(250);
    if (interruption.signal.aborted) throw new CommandFailed(exitCodes.interrupted, "interrupted");
  }
  const own = await runStack({ trainers: 1, apis: 1, web }, command, output, interruption);
  return { ...own.urls, own };
}
