import { randomStream, summarize } from "@basin/numerics";
import { expect, it } from "vitest";
import { summaryOf } from "./summaries";

it.each([5, 1999, 2000, 5001])("says of %i values what the exact summary says", (n) => {
  const values = new Float64Array(n);
  randomStream(n, "summaries-spec").fillNormal(values);
  const list = [...Array.from(values, (value) => 1e6 + value), Number.NaN];
  const exact = summarize(list);
  const fast = summaryOf(list);
  expect(fast).toMatchObject({ n, min: exact.min, max: exact.max });
  for (const key of ["mean", "median", "std", "ciLow", "ciHigh"] as const) expect(fast[key]).toBeCloseTo(exact[key] ?? 0, 8);
});

it.each([0.1, 0.7, 3, 0.925, 1e-300, 1e300])("says of a constant %f exactly that", (value) => {
  for (const n of [2, 49, 50, 51, 1440])
    expect(summaryOf(new Array<number>(n).fill(value))).toEqual({
      n,
      mean: value,
      median: value,
      std: 0,
      ciLow: value,
      ciHigh: value,
      min: value,
      max: value,
    });
});

it.each([1e-200, 1e200])("keeps the digits of deviations whose squares are no doubles: in units of %f", (unit) => {
  const values = Array.from({ length: 60 }, (_, i) => ((i * 7) % 11) + 1);
  const scaled = summaryOf(values.map((value) => value * unit));
  const plain = summarize(values);
  for (const key of ["mean", "std", "ciLow", "ciHigh"] as const)
    expect((scaled[key] ?? 0) / unit / (plain[key] ?? 0)).toBeCloseTo(1, 12);
});
