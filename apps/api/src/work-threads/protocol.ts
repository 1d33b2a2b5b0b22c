import type { Issue } from "@basin/contracts";

/** Between the main thread and a work thread; they never leave the process, so they are typed and not parsed. */
export interface TaskRequest {
  task: string;
  input: unknown;
}

export type TaskReply =
  | { output: unknown }
  /** `issues`: of an InputError. */
  | { error: { name: string; message: string; stack: string; issues: readonly Issue[] | null } };
