import { type PackedCurves, type PackedFloat64, type PackedGroupCurve, unpackFloat64, unpackInt32 } from "@basin/contracts";

/** A group's centre line and band as charts take them; null: no value there. */
export interface BandedCurve extends Pick<PackedGroupCurve, "group" | "runs" | "of"> {
  steps: number[];
  n: ArrayLike<number>;
  values: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

export interface BandedCurves extends Omit<PackedCurves, "groups"> {
  groups: BandedCurve[];
}

const numbers = (packed: PackedFloat64): (number | null)[] =>
  Array.from(unpackFloat64(packed), (value) => (Number.isNaN(value) ? null : value));

export const unpackedCurves = ({ groups, ...curves }: PackedCurves): BandedCurves => ({
  ...curves,
  groups: groups.map(({ steps, seconds, n, centre, low, high, ...group }) => ({
    ...group,
    steps: seconds === undefined ? Array.from(unpackInt32(steps)) : Array.from(unpackFloat64(seconds)),
    n: unpackInt32(n),
    values: numbers(centre),
    low: numbers(low),
    high: numbers(high),
  })),
});
