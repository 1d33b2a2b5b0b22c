import { setTimeout as sleep } from "node:timers/promises";
import { atMost, figure, type Measurement } from "./report";
import { startWarmStack, type StackProcess } from "./warm-stack";

/** Resident memory of the whole idle stack, dashboard included, once it has settled. Shared pages count in every process that maps them. */
export async function memory({ quick }: { quick: boolean }): Promise<Measurement> {
  const stack = await startWarmStack({ web: true });
  try {
    const totals: number[] = [];
    let processes: StackProcess[] = [];
    for (let i = 0; i < (quick ? 2 : 6); i++) {
      await sleep(5000);
      processes = await stack.processes();
      totals.push(processes.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
    }
    const idle = figure(totals, "MB");
    return {
      figures: { idleMegabytes: idle },
      checks: [atMost("idleMegabytes", idle.value, 700)],
      rows: processes.map(({ command, bytes }) => ({ megabytes: Math.round(bytes / 1e6), process: command.slice(0, 100) })),
      backend: "none",
    };
  } finally {
    await stack.stop();
  }
}
