import { expect, test } from "vitest";
import { networkOf } from "../testing/known-network";
import { surenessFigures, surenessOf, surenessPlot } from "./sureness";

const images = { samples: 2, images: new Float32Array(2), labels: Int32Array.of(0, 1) };
const parts = { training: images, test: images };

test("the entropy is that of the mean of the passes, for the right and the wrong images", async () => {
  // Half of the passes are sure of class 0 and half of class 1 for the first image; all say 0.9 and 0.1 for the second, whose class is 1.
  const network = networkOf(1, () => [], {
    predictWithDropout: (_, passes) =>
      Promise.resolve(
        Array.from({ length: passes }, (__, k) => Float32Array.of(k % 2 === 0 ? 1 : 0, k % 2 === 0 ? 0 : 1, 0.9, 0.1)),
      ),
  });
  const found = await surenessOf(parts, 2, network);
  expect(found.right).toHaveLength(1);
  expect(found.right[0]).toBeCloseTo(Math.log(2), 6);
  expect(found.wrong[0]).toBeCloseTo(-0.9 * Math.log(0.9) - 0.1 * Math.log(0.1), 6);
  const figures = surenessFigures(found);
  expect(figures["averagedCrossEntropy"]).toBeCloseTo((-Math.log(0.5) - Math.log(0.1)) / 2, 6);
  expect(figures["entropyRight"]).toBeCloseTo(Math.log(2), 6);
  expect(surenessFigures({ ...found, wrong: [] })["entropyWrong"]).toBeNaN();
  const plot = surenessPlot(found, 2);
  if (plot.kind !== "bars") throw new Error("no bars");
  // An entropy of ln 2 is the greatest of two classes.
  expect(plot.series[0]?.values.at(-1)).toBe(1);
});
