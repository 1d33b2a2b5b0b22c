import { PlotData, plotMediaType, type PlotDataInput } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { plotArtifacts } from "./plot-artifacts";

const definition = {
  id: "example",
  plots: [
    { id: "losses", title: "Losses", kind: "curve" as const },
    { id: "map", title: "Map", kind: "heat-map" as const },
  ],
};

function curve(y: number[]): PlotDataInput {
  const series = [{ name: "loss", x: y.map((_, i) => i), y }];
  return { kind: "curve", title: "Losses", x: { label: "Epoch", unit: "epoch" }, y: { label: "Loss", scale: "log" }, series };
}

describe("plotArtifacts", () => {
  it("makes a JSON artifact that the contract reads, with null for what is not finite and seven digits", () => {
    const [artifact, ...others] = plotArtifacts(definition, { losses: curve([1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 2]) });
    expect(others).toEqual([]);
    expect(artifact).toMatchObject({ name: "plots/losses.json", kind: "plot", mediaType: plotMediaType });
    const read = PlotData.parse(JSON.parse(new TextDecoder().decode(artifact?.content)));
    expect(read.kind === "curve" && read.series[0]?.y).toEqual([0.3333333, null, null, 2]);
    expect(read.kind === "curve" && read.x.scale).toBe("linear");
  });

  it("refuses what the experiment does not declare, another kind, malformed data and too much of it", () => {
    expect(() => plotArtifacts(definition, { others: curve([1]) })).toThrow('declares no plot "others"');
    expect(() => plotArtifacts(definition, { map: curve([1]) })).toThrow("is declared as heat-map, not curve");
    const marked: PlotDataInput = { ...curve([1]), kind: "curve", marks: [{ x: Number.NaN, label: "never" }] } as PlotDataInput;
    expect(() => plotArtifacts(definition, { losses: marked })).toThrow('The plot "losses" of "example" is malformed');
    const huge = curve(Array.from({ length: 400_000 }, (_, i) => i + 1 / 7));
    expect(() => plotArtifacts(definition, { losses: huge })).toThrow("at most 4194304 are kept");
  });
});
