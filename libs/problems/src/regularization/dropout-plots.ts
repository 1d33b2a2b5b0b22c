import type { PlotDescriptor } from "@basin/contracts";
import { imagesOfParts, type Parts } from "../digits/classification";
import type { PlotsById } from "../kinds/plots-by-id";
import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";
import type { Companion } from "./companion";
import { judgeParts } from "./few-digits";

export const dropoutPlotDescriptors: readonly PlotDescriptor[] = [
  { id: "gap", title: "Training and test loss with and without dropout", kind: "curve" },
  { id: "kept-units", title: "Units kept in the first step", kind: "heat-map" },
  { id: "sureness", title: "How unsure the network is", kind: "bars" },
];

const shownSamples = 24;
const shownUnits = 48;

/** The losses of both networks over the epochs, and the factors of the first training step. */
export async function dropoutPlots(parts: Parts, trained: TrainedNetwork, companion: Companion): Promise<PlotsById> {
  const inputs = imagesOfParts(parts);
  const series = async (what: string, epochs: readonly number[], weights: readonly NetworkWeights[]) => {
    const judged = (await trained.predictWithEach(weights, inputs)).map((predictions) => judgeParts(parts, predictions));
    return [
      { name: `training, ${what}`, x: [...epochs], y: judged.map((one) => one.trainingCrossEntropy), style: "dashed" as const },
      { name: `test, ${what}`, x: [...epochs], y: judged.map((one) => one.trainingCrossEntropy + one.gap) },
    ];
  };
  const { snapshots } = trained;
  const curves = [
    ...(await series(
      "with dropout",
      snapshots.map(({ epoch }) => epoch),
      snapshots.map(({ weights }) => weights),
    )),
    ...(await series(
      "without",
      companion.kept.map(({ step }) => step),
      companion.kept.map(({ weights }) => weights),
    )),
  ];
  const gap: PlotsById = {
    gap: {
      kind: "curve",
      title: "Training and test loss with and without dropout",
      caption: "The distance between the dashed and the solid line of one colour is the gap.",
      x: { label: "Epoch", unit: "epoch" },
      y: { label: "Cross-entropy", scale: "log" },
      series: curves,
    },
  };
  const [factors] = trained.dropoutFactors(0, 0, parts.training.samples);
  if (!factors) return gap;
  const units = factors.length / parts.training.samples;
  const columns = Math.min(units, shownUnits);
  const rows = Math.min(parts.training.samples, shownSamples);
  return {
    ...gap,
    "kept-units": {
      kind: "heat-map",
      title: "Units kept in the first step",
      caption: "Each sample has its own thinned network; what is kept is scaled by 1/(1 − p).",
      columns: Array.from({ length: columns }, (_, i) => String(i + 1)),
      rows: Array.from({ length: rows }, (_, i) => String(i + 1)),
      columnTitle: "unit of the first hidden layer",
      rowTitle: "sample",
      value: { label: "factor" },
      z: Array.from({ length: rows }, (_, i) => Array.from(factors.subarray(i * units, i * units + columns))),
    },
  };
}
