import { parentPort } from "node:worker_threads";
import { InputError } from "../http/request-errors";
import type { TaskReply, TaskRequest } from "./protocol";
import { tasks, type TaskName } from "./tasks";

/** A thread of the API that does one task at a time, so that none of them holds up answers to others. */
const port = parentPort;
if (!port) throw new Error("work-thread runs in a worker thread of the API");

port.on("message", ({ task, input }: TaskRequest) => {
  const run = tasks[task as TaskName] as (input: unknown) => Promise<unknown>;
  run(input).then(
    (output) => port.postMessage({ output } satisfies TaskReply, buffersOf(output)),
    (error: unknown) => {
      const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
      port.postMessage({
        error: { name, message, stack, issues: error instanceof InputError ? error.issues : null },
      } satisfies TaskReply);
    },
  );
});

/** Memory that is handed over instead of being copied. */
function buffersOf(output: unknown): ArrayBuffer[] {
  if (typeof output !== "object" || output === null) return [];
  return Object.values(output).flatMap((value) =>
    value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
}
