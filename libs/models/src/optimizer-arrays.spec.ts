import { optimizerSlots } from "@basin/engine";
import { optimizerArrays } from "@basin/problems";
import { expect, test } from "vitest";

test("estimates of memory count as many arrays for each optimizer as the engine keeps", () => {
  expect(optimizerArrays).toEqual(optimizerSlots);
});
