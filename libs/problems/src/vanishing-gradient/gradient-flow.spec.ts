import { PlotData } from "@basin/contracts";
import { expect, it } from "vitest";
import { judgeClaim, judgeFlow, weightGradientNorms } from "./gradient-flow";
import { activationHistogram } from "./plots";

it("takes the norm of each layer's weights, not biases", () => {
  const array = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });
  const gradients = { "layers.0.weight": array(3, -4), "layers.0.bias": array(100), "layers.1.weight": array(0) };
  expect(weightGradientNorms(gradients)).toEqual([5, 0]);
  expect(weightGradientNorms({})).toEqual([]);
});

it("claims what the source claims about each configuration, and nothing about others", () => {
  const [missed, nothing, held] = [0, 1, 2];
  const deep = (name: string): string[] => [name, name, name];
  expect(judgeClaim(deep("sigmoid"), "normal", 1e-3)).toBe(held);
  expect(judgeClaim(deep("sigmoid"), "he-normal", 1.1e-3)).toBe(missed);
  expect(judgeClaim(deep("sigmoid"), "he-normal", Number.NaN)).toBe(missed);
  for (const name of ["relu", "elu"]) {
    expect([0.099, 0.1, 10, 10.1].map((ratio) => judgeClaim(deep(name), "he-uniform", ratio))).toEqual([
      missed,
      held,
      held,
      missed,
    ]);
    expect(judgeClaim(deep(name), "glorot-normal", 1)).toBe(nothing);
  }
  expect(judgeClaim(["relu", "elu"], "he-normal", 1)).toBe(nothing);
  expect(judgeClaim(deep("tanh"), "he-normal", 1)).toBe(nothing);
});

it("compares the first with the last hidden layer and leaves the output out", () => {
  expect(judgeFlow([2, 7, 0.02, 99], ["tanh", "tanh", "tanh"], "he-normal")).toEqual({
    firstGradientNorm: 2,
    lastGradientNorm: 0.02,
    gradientRatio: 100,
    gradientDecades: expect.closeTo(2, 12) as number,
    claim: 1,
  });
  expect(judgeFlow([0, 0, 1], ["relu", "relu"], "he-normal")).toMatchObject({ gradientRatio: Number.NaN, claim: 0 });
});

it("counts activations in bins, what lies outside in the outermost", () => {
  const plot = activationHistogram("activations", [Float32Array.of(-9, 0, 0.1, 40)], ["relu"]);
  const parsed = PlotData.parse(plot);
  if (parsed.kind !== "heat-map") throw new Error("not a heat map");
  const [row] = parsed.z;
  expect(row?.[0]).toBe(0.25);
  expect(row?.at(-1)).toBe(0.25);
  expect(row?.[12]).toBe(0.5);
});
