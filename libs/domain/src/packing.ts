import type { Configuration } from "@basin/contracts";
import { hash128 } from "./hash-128";
import type { WidthChoice } from "./pack-width";

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
  /** A wider pack of it failed for a reason that may have been its width. Default: none did. */
  maxWidth?: number | null;
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

/** A width is tried out only where this many packs per slot of the usual width are left: the narrower packs then cost next to nothing. */
const plentyPacksPerSlot = 4;

/**
 * Groups ready runs (of one sweep, in the order of its plan) into packs: one key per pack, widths even and at most the target, runs
 * with two strikes or more alone. Every run is in exactly one pack; order within a key is kept. Packs come in the order of their
 * first runs, so that no run is overtaken for ever by those of another key. No run waits for company: what is ready is packed. Where a wider
 * pack of some runs failed, those of their key are packed as narrow as these may be.
 * `slots`: slots of the pool's trainers that are online; `widthOf`: how wide packs of a key may be.
 */
export function choosePacks<R extends PackableRun>(
  ready: readonly R[],
  { slots, widthOf }: { slots: number; widthOf: (packKey: string) => WidthChoice },
): R[][] {
  const packs: { first: number; runs: R[] }[] = [];
  const byKey = new Map<string, { place: number; run: R }[]>();
  for (const [place, run] of ready.entries()) {
    const group = byKey.get(run.packKey);
    if (run.strikes >= isolationStrikes) packs.push({ first: place, runs: [run] });
    else if (group) group.push({ place, run });
    else byKey.set(run.packKey, [{ place, run }]);
  }
  for (const [key, group] of byKey) {
    const chosen = widthOf(key);
    const widest = group.reduce((least, { run }) => Math.min(least, run.maxWidth ?? Infinity), chosen.widest);
    const probes = chosen.probes.filter((width) => width < widest);
    const tried = group.length >= plentyPacksPerSlot * Math.max(1, slots) * widest ? probes : [];
    const rest = group.length - tried.reduce((sum, width) => sum + width, 0);
    let start = 0;
    for (const size of [...tried, ...evenWidths(rest, targetPackWidth(ready.length, slots, widest))]) {
      const members = group.slice(start, start + size);
      packs.push({ first: members[0]?.place ?? 0, runs: members.map(({ run }) => run) });
      start += size;
    }
  }
  return packs.sort((a, b) => a.first - b.first).map(({ runs }) => runs);
}
