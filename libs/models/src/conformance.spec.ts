import { expect, it } from "vitest";
import { modelFamilies } from "./registry";
import { firstOfEachFamily, subjects } from "./testing/conformance-subjects";
import { conformance } from "./testing/conformance-suite";

it("covers every family", () => {
  expect(new Set(subjects.map(({ family }) => family))).toEqual(new Set(modelFamilies.map(({ id }) => id)));
});

// The others, several times as many, are in conformance-variants.spec.ts, of `npm run test:long`.
conformance(firstOfEachFamily);
