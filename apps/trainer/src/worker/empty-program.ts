import type { PackProgram } from "@basin/engine";

/** What is left of a pack of which no run can be begun. */
export const emptyProgram: PackProgram = {
  active: () => [],
  step: () => 0,
  advance: () => Promise.resolve(false),
  checkpoint: () => new Uint8Array(),
  drop: () => undefined,
  dispose: () => undefined,
};
