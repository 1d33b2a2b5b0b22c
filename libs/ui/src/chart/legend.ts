import type { Curve } from "./curve";

export interface LegendEntry {
  group: string;
  style: number;
}

/** The groups of the curves, each once, in order of appearance. */
export function legendOf(curves: readonly Curve[]): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const { group, style } of curves) if (!entries.has(group)) entries.set(group, { group, style });
  return [...entries.values()];
}
