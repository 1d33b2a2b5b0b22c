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
