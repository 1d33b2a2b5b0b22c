import { packFloat64, packInt32, type Curves, type PackedCurves } from "@basin/contracts";

const packed = (values: readonly (number | null)[]) => packFloat64(Float64Array.from(values, (value) => value ?? Number.NaN));

/** The same numbers in a form that costs little to write and to read. */
export function packedCurves({ groups, ...curves }: Curves, centre: PackedCurves["centre"]): PackedCurves {
  return {
    ...curves,
    centre,
    groups: groups.map(({ group, runs, of, steps, n, low, high, ...centres }) => ({
      group,
      runs,
      of,
      ...(curves.x === "step" ? { steps: packInt32(steps) } : { steps: packInt32([]), seconds: packFloat64(steps) }),
      n: packInt32(n),
      centre: packed(centres[centre]),
      low: packed(low),
      high: packed(high),
    })),
  };
}
