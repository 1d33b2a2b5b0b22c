import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import type { TrainedNetwork } from "../kinds/trained-network";

export const logicGatesPlots: readonly PlotDescriptor[] = [
  { id: "decision-map", title: "Probability of a true output over the inputs", kind: "decision-map" },
];

const pointsPerSide = 41;

/** The output before and after training on [−½, 3/2]², with the rows of the table. */
export async function plotsOf(trained: TrainedNetwork, gate: string, table: readonly number[]): Promise<PlotsById> {
  const places = Array.from({ length: pointsPerSide }, (_, i) => -0.5 + (2 * i) / (pointsPerSide - 1));
  const grid = Float32Array.from(places.flatMap((y) => places.flatMap((x) => [x, y])));
  const map = async (name: string, outputs: Promise<Float32Array>) => {
    const values = await outputs;
    return {
      name,
      xAxis: { label: "First input" },
      yAxis: { label: "Second input" },
      x: places,
      y: places,
      z: places.map((_, row) => [...values.subarray(row * pointsPerSide, (row + 1) * pointsPerSide)]),
      samples: { x: [0, 0, 1, 1], y: [0, 1, 0, 1], class: [...table] },
    };
  };
  return {
    "decision-map": {
      kind: "decision-map",
      title: `${gate}: probability of a true output`,
      caption: "One neuron can only draw a straight border; XOR needs two.",
      classes: ["0", "1"],
      maps: [
        await map("before training", trained.predictWith(trained.initialWeights, grid)),
        await map("after training", trained.predict(grid)),
      ],
    },
  };
}
