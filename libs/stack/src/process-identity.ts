import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process that cannot be mistaken for a later one with the same pid: `started` is what the system says about its start. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** The identity of a live process, null when there is none (a zombie counts as none). */
export function identityOf(pid: number): ProcessIdentity | null {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The second field is the program's name in parentheses and may hold spaces; state is field 3, start time field 22.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return null;
      return { pid, started: fields[19] ?? "" };
    } catch {
      return null;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return null;
  }
  try {
    return { pid, started: execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() };
  } catch {
    return { pid, started: "" };
  }
}

/** Whether the very process that was recorded is still alive. */
export function isSameProcess(recorded: ProcessIdentity): boolean {
  const now = identityOf(recorded.pid);
  return now !== null && now.started === recorded.started;
}
