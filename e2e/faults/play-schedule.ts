import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TestStack } from "../harness/test-stack";
import type { Fault } from "./schedule";
import type { SmallDisk } from "./small-disk";

const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds) * 1000));

/** What is left of a trainer's disk while it is filled. */
const roomLeftBytes = 200_000;

/**
 * Plays the faults of a schedule against a running stack, each at its time, and returns when the last is over: every stopped
 * process runs again, every disk has room, every killed part is back.
 */
export async function playSchedule(
  stack: TestStack,
  disks: ReadonlyMap<string, SmallDisk>,
  faults: readonly Fault[],
): Promise<void> {
  const began = performance.now();
  // One fault at a time for a part: a part that is down or held has no pid to signal.
  const busy = new Map<string, Promise<void>>();
  await Promise.all(
    faults.map(async (fault) => {
      await sleep(fault.at - (performance.now() - began) / 1000);
      const before = busy.get(fault.part) ?? Promise.resolve();
      const played = before.then(() => play(stack, disks, fault));
      busy.set(fault.part, played);
      await played;
    }),
  );
}

async function play(stack: TestStack, disks: ReadonlyMap<string, SmallDisk>, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case "kill":
      return stack.killAndComeBack(fault.part, "SIGKILL");
    case "restart":
      return stack.killAndComeBack(fault.part, fault.part === "postgres" ? "SIGINT" : "SIGTERM");
    case "wipe":
      return stack.killAndComeBack("nats", "SIGKILL", () =>
        rmSync(join(stack.directory, "nats"), { recursive: true, force: true }),
      );
    case "stop":
      return hold(stack, fault.part, fault.seconds);
    case "fill": {
      const disk = disks.get(fault.part);
      if (disk === undefined) throw new Error(`${fault.part} has no disk of its own`);
      disk.fill(roomLeftBytes);
      await sleep(fault.seconds);
      disk.empty();
    }
  }
}

/** SIGSTOP for a while. The process may have been killed by its supervisor meanwhile. */
async function hold(stack: TestStack, part: string, seconds: number): Promise<void> {
  const pid = stack.pid(part);
  process.kill(pid, "SIGSTOP");
  await sleep(seconds);
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // It is gone; its successor runs.
  }
}
