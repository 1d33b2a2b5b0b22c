import { MetricDescriptor } from "@basin/contracts";
import { expect, it } from "vitest";
import { shortTitle, withinSentence } from "./metric-title";

const metrics = [
  MetricDescriptor.parse({ name: "loss", title: "Training loss (mean over the epoch's batches)", series: true, final: true }),
];

it("leaves out what brackets explain", () => {
  expect(shortTitle(metrics, "loss")).toBe("Training loss");
  expect(shortTitle(metrics, "unknown")).toBe("unknown");
});

it("writes titles small within a sentence, except symbols and abbreviations", () => {
  expect(["Mean error", "R² on the grid", "MAE", "x"].map(withinSentence)).toEqual(["mean error", "R² on the grid", "MAE", "x"]);
});
