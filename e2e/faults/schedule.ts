import { randomStream } from "@basin/numerics";

/** What can happen to the parts of a stack with two API processes and two trainers. */
const apis = ["api-1", "api-2"] as const;
export const trainers = ["trainer-1", "trainer-2"] as const;
const servers = ["postgres", "nats"] as const;

/**
 * - `kill`: SIGKILL; the supervisor starts the part again.
 * - `restart`: SIGTERM (SIGINT for Postgres: its fast shutdown), an orderly end; started again.
 * - `stop`: SIGSTOP, and SIGCONT after `seconds`: the process hangs, its connections stay open.
 * - `wipe`: NATS is killed and its store deleted before it is back.
 * - `fill`: the disk under a trainer's spool has no room for `seconds`, but for 200 kB.
 */
export type Fault =
  | { kind: "kill" | "restart"; part: string; at: number }
  | { kind: "stop"; part: string; at: number; seconds: number }
  | { kind: "wipe"; part: "nats"; at: number }
  | { kind: "fill"; part: (typeof trainers)[number]; at: number; seconds: number };

/** The disturbed span of a schedule, in seconds after its sweeps were submitted. */
export const spanSeconds = 10;

/**
 * The faults of a seed, by time: 3 to 6 of them, in the order in which they come. A pure function of the seed (and of whether
 * a disk can be filled), so that a schedule that fails can be played again.
 */
export function scheduleOf(seed: number, canFill: boolean): Fault[] {
  const stream = randomStream(seed, "faults/schedule");
  let drawn = 0;
  const uniform = (): number => stream.uniform(drawn++);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(uniform() * from.length)] as T;
  const count = 3 + Math.floor(uniform() * 4);
  const kinds = ["kill", "kill", "restart", "stop", "stop", "wipe", ...(canFill ? ["fill" as const] : [])] as const;
  const faults = Array.from({ length: count }, (): Fault => {
    const at = 0.5 + uniform() * (spanSeconds - 0.5);
    const kind = pick(kinds);
    const seconds = 1 + uniform() * 7;
    switch (kind) {
      case "wipe":
        return { kind, part: "nats", at };
      case "fill":
        return { kind, part: pick(trainers), at, seconds };
      case "stop":
        return { kind, part: pick([...apis, ...trainers, ...servers]), at, seconds };
      case "kill":
      case "restart":
        return { kind, part: pick([...apis, ...trainers, ...servers]), at };
    }
  });
  return faults.sort((a, b) => a.at - b.at);
}

export function faultText(fault: Fault): string {
  const held = "seconds" in fault ? ` for ${fault.seconds.toFixed(1)} s` : "";
  return `${fault.at.toFixed(1)} s: ${fault.kind} ${fault.part}${held}`;
}
