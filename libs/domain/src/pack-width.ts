/** What packs of one key cost on one backend, at widths that round up to `width`, a power of two. */
export interface PackRate {
  backend: string;
  width: number;
  /** Steps of single runs, and the seconds that their packs took for them. */
  runSteps: number;
  seconds: number;
  /** A bound from above on the memory of one run; null: not known. */
  bytesPerRun: number | null;
}

/** Where packs may go. */
export interface PackPlace {
  backend: string;
  /** Memory that one slot's pack may take; null: not known. */
  slotBytes: number | null;
}

/** What a pack is estimated to take before anything was measured, in bytes: some once, some for each of its runs. */
export interface MemoryNeed {
  sharedBytes: number;
  runBytes: number;
}

export interface WidthChoice {
  /** No pack is wider. */
  widest: number;
  /** Narrower widths of which nothing is known yet: worth one pack each when there are runs in plenty. */
  probes: readonly number[];
}

/** Shorter measurements say more about the moment than about the width. */
export const trustedSeconds = 1;
/** A narrower pack must be faster per run by more than this: wide packs mean fewer messages and claims. */
const tolerance = 0.05;

/** The width rounded up to a power of two: what measurements are kept by. */
export function widthClass(width: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, width)));
}

/** Of a slot, for packs of which only an estimate is known: those are good to a third. */
const estimatedShare = 0.75;

/**
 * The greatest width up to `ceiling` whose runs fit the memory of a slot on every one of the places, as far as it is known; at least 1. The
 * estimate counts where nothing was measured.
 */
export function widestThatFits(
  rates: readonly PackRate[],
  places: readonly PackPlace[],
  ceiling: number,
  estimate: MemoryNeed | null = null,
): number {
  let widest = ceiling;
  for (const { backend, slotBytes } of places) {
    if (slotBytes === null) continue;
    // Each is a bound from above, so the least of them is one as well.
    const bounds = rates.flatMap((rate) => (rate.backend === backend && rate.bytesPerRun !== null ? [rate.bytesPerRun] : []));
    if (bounds.length > 0) widest = Math.min(widest, Math.floor(slotBytes / Math.min(...bounds)));
    else if (estimate) {
      const room = estimatedShare * slotBytes - estimate.sharedBytes;
      widest = Math.min(widest, Math.floor(room / Math.max(1, estimate.runBytes)));
    }
  }
  return Math.max(1, widest);
}

/**
 * How wide packs of one key should be at most: the greatest width that fits and whose time per run and step is within 5 % of the
 * best that was measured. Where nothing speaks against a wider one it is tried: all that fits when no wider one was measured, twice
 * the width when that is a gap between measured ones. Of several backends the one that gains most from width decides. Numbers of
 * runs do not depend on it.
 */
export function chooseWidth(
  rates: readonly PackRate[],
  places: readonly PackPlace[],
  ceiling: number,
  estimate: MemoryNeed | null = null,
): WidthChoice {
  const fits = widestThatFits(rates, places, ceiling, estimate);
  const trusted = rates.filter(({ seconds, width }) => seconds >= trustedSeconds && width <= widthClass(fits));
  const backends = [...new Set(places.map(({ backend }) => backend))];
  const useful = backends.map((backend) => usefulWidth(trusted.filter((rate) => rate.backend === backend)));
  const widest = Math.min(fits, Math.max(1, ...useful));
  const known = new Set(trusted.map(({ width }) => width));
  const probes = [Math.floor(widest / 2), Math.floor(widest / 4)].filter((width) => width >= 1 && !known.has(widthClass(width)));
  return { widest, probes };
}

/** Of one backend; Infinity: nothing speaks against any width. */
function usefulWidth(trusted: readonly PackRate[]): number {
  const best = Math.min(...trusted.map(costOf));
  const useful = Math.max(0, ...trusted.filter((rate) => costOf(rate) <= best * (1 + tolerance)).map(({ width }) => width));
  const wider = trusted.map(({ width }) => width).filter((width) => width > useful);
  if (wider.length === 0) return Infinity;
  return wider.includes(2 * useful) ? useful : 2 * useful;
}

function costOf({ seconds, runSteps }: PackRate): number {
  return seconds / runSteps;
}
