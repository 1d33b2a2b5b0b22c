import type { Configuration } from "@basin/contracts";
import { hash128 } from "./hash-128";

/**
 * The name of everything that the runs of a pack share: experiment, its version, and every parameter that may not differ between
 * them. Independent of the order of the parameters. Equal keys mean that the runs can be trained together.
 */
export function packKeyOf(
  experimentId: string,
  version: number,
  parameters: Configuration,
  perRunParameters: readonly string[],
): string {
  const perRun = new Set(perRunParameters);
  const shared = Object.entries(parameters)
    .filter(([name]) => !perRun.has(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return hash128(JSON.stringify([experimentId, version, shared]));
}

/** Runs with this many strikes are packed alone, so that one that kills its trainer takes no neighbour with it again. */
export const isolationStrikes = 2;

/**
 * Packs waiting per slot that dispatch aims for. One would leave a slot idle whenever a pack ends early; many would make packs
 * narrow, and narrow packs train slower per run.
 */
const packsPerSlot = 2;

export interface PackableRun {
  packKey: string;
  strikes: number;
}

/** The width that gives every slot `packsPerSlot` packs: ceil(ready / (2·slots)), between 1 and maxWidth. No slots count as one. */
export function targetPackWidth(ready: number, slots: number, maxWidth: number): number {
  return Math.max(1, Math.min(maxWidth, Math.ceil(ready / (packsPerSlot * Math.max(1, slots)))));
}

/** `count` split into the fewest parts of at most `width`, greatest first, no two differing by more than one. */
export function evenWidths(count: number, width: number): number[] {
  const parts = Math.ceil(count / width);
  return Array.from({ length: parts }, (_, i) => Math.floor(count / parts) + (i < count % parts ? 1 : 0));
}

/**
 * Groups ready runs (of one sweep) into packs: one key per pack, widths even and at most the target, runs with two strikes or more
 * alone. Every run is in exactly one pack; order within a key is kept. `slots`: slots of the pool's trainers that are online;
 * `maxWidth` ≥ 1: the lesser of the experiment's and the sweep's.
 */
export function choosePacks<R extends PackableRun>(ready: readonly R[], limits: { slots: number; maxWidth: number }): R[][] {
  const alone = ready.filter((run) => run.strikes >= isolationStrikes);
  const byKey = new Map<string, R[]>();
  for (const run of ready) {
    if (run.strikes >= isolationStrikes) continue;
    const group = byKey.get(run.packKey);
    if (group) group.push(run);
    else byKey.set(run.packKey, [run]);
  }
  const width = targetPackWidth(ready.length, limits.slots, limits.maxWidth);
  const packs: R[][] = [];
  for (const group of byKey.values()) {
    let start = 0;
    for (const size of evenWidths(group.length, width)) {
      packs.push(group.slice(start, start + size));
      start += size;
    }
  }
  return [...packs, ...alone.map((run) => [run])];
}
