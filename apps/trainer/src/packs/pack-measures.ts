import type { PackId, PackMeasure } from "@basin/contracts";
import type { WidthMeasure } from "../worker/protocol";

/** As many as one heartbeat carries; what is beyond is forgotten, as there is no want of measurements then. */
const most = 1024;

/** What packs cost since the last heartbeat, by pack and width. */
export class PackMeasures {
  #entries = new Map<string, PackMeasure>();

  /** `memoryBytes`: of the worker thread, a bound on what the pack took. */
  add(pack: PackId, measured: readonly WidthMeasure[], memoryBytes: number | null): void {
    for (const { width, runSteps, seconds } of measured) {
      const key = `${pack}#${width}`;
      const known = this.#entries.get(key);
      if (!known && this.#entries.size >= most) return;
      this.#entries.set(key, {
        pack,
        width,
        runSteps: runSteps + (known?.runSteps ?? 0),
        seconds: seconds + (known?.seconds ?? 0),
        bytes: memoryBytes,
      });
    }
  }

  take(): PackMeasure[] {
    const taken = [...this.#entries.values()];
    this.#entries = new Map();
    return taken;
  }
}
