import { expect, it } from "vitest";
import { bandCaption } from "./band-caption";

it("states n, centre and band", () => {
  expect(bandCaption([10, 10], { centre: "mean", band: "ci", logarithmic: true })).toBe(
    "Line: mean over initializations (n = 10 per line), of the logarithms. Band: 95 % confidence of the mean, of the logarithms.",
  );
  expect(bandCaption([3, 5], { centre: "median", band: "range", logarithmic: false })).toBe(
    "Line: median over initializations (n = 3 to 5 per line). Band: lowest to highest.",
  );
  expect(bandCaption([4], { centre: "mean", band: "none", logarithmic: false })).toBe(
    "Line: mean over initializations (n = 4 per line).",
  );
});
