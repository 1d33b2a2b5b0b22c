import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import type { TrainedNetwork } from "../kinds/trained-network";
import { instants, line, sourceLines, sourceStart, speeds, weightsOf, type Line } from "./line-fit";

export const perceptronRegressionPlots: readonly PlotDescriptor[] = [
  { id: "lines", title: "Data and lines", kind: "curve" },
  { id: "sequence", title: "The sequence beside the printed one", kind: "table" },
];

/** Run epochs that end the online parts of the source's sequence. */
export const snapshotsOfSource: readonly number[] = [1, 101];

const names = ["start", "batch step", "1 online epoch", "101 online epochs"] as const;
const pointsPerLine = 41;

/** The neuron at the start, after a batch step by backpropagation from there, and after the snapshots that the run reached. */
export async function linesOf(trained: TrainedNetwork, learningRate: number): Promise<Line[]> {
  const inputs = Float32Array.from(instants);
  const gradient = line(await trained.gradients(weightsOf(sourceStart), inputs, Float32Array.from(speeds)));
  const rate = learningRate * instants.length;
  const batch = { weight: sourceStart.weight - rate * gradient.weight, bias: sourceStart.bias - rate * gradient.bias };
  const online = snapshotsOfSource.flatMap((epoch) => {
    const found = trained.snapshots.find((snapshot) => snapshot.epoch === epoch);
    return found ? [line(found.weights)] : [];
  });
  return [sourceStart, batch, ...online];
}

export function plotsOf(lines: readonly Line[]): PlotsById {
  const places = Array.from({ length: pointsPerLine }, (_, i) => i / (pointsPerLine - 1));
  return {
    lines: {
      kind: "curve",
      title: "Data and lines",
      caption: "The neuron is cut off at 0, so the first two samples say nothing until the line has risen above 0 there.",
      x: { label: "t", unit: "s" },
      y: { label: "v", unit: "m/s" },
      series: [
        ...lines.map(({ weight, bias }, i) => ({
          name: names[i] ?? "",
          x: places,
          y: places.map((t) => Math.max(0, weight * t + bias)),
        })),
        { name: "measured", x: [...instants], y: [...speeds], style: "points" as const },
      ],
    },
    sequence: {
      kind: "table",
      title: "The sequence beside the printed one",
      columns: ["", "w", "b", "w printed", "b printed"],
      rows: lines.map(({ weight, bias }, i) => {
        const printed = i === 0 ? sourceStart : sourceLines[i - 1];
        return [names[i] ?? "", weight, bias, printed?.weight ?? null, printed?.bias ?? null];
      }),
    },
  };
}
