import type { PlotDescriptor, RegressionLoss } from "@basin/contracts";
import { absoluteLoss, huberLoss, squaredLoss } from "@basin/numerics";
import type { PlotsById } from "../kinds/plots-by-id";
import { lastPlace, lineAt, places, referenceLine, truth, type Line } from "./line-data";

export const lineLossPlots: readonly PlotDescriptor[] = [
  { id: "lines", title: "Points, and the line of every loss", kind: "curve" },
  { id: "losses", title: "What a residual costs", kind: "curve" },
  { id: "fits", title: "Slope and intercept", kind: "table" },
];

const names: Readonly<Record<RegressionLoss["loss"], string>> = { mse: "squares", mae: "absolute values", huber: "Huber" };
const pointsPerCurve = 121;

/** The network's line beside those of the reference fits, and the losses over the residuals. */
export function plotsOf(setting: RegressionLoss, values: ArrayLike<number>, learned: Line): PlotsById {
  const { huberDelta } = setting;
  const fits = (["mse", "mae", "huber"] as const).map((loss) => ({ loss, line: referenceLine({ loss, huberDelta }, values) }));
  const ends = [0, lastPlace];
  const drawn = (line: Line) => ({ x: ends, y: ends.map((x) => lineAt(line, x)) });
  const residuals = places.map((x, i) => lineAt(learned, x) - (values[i] ?? Number.NaN));
  const reach = Math.min(3, Math.max(1, ...residuals.map(Math.abs)));
  const along = Array.from({ length: pointsPerCurve }, (_, i) => reach * ((2 * i) / (pointsPerCurve - 1) - 1));
  const costs = { mse: squaredLoss, mae: absoluteLoss, huber: huberLoss(huberDelta) };
  const shown = residuals.filter((r) => Math.abs(r) <= reach);
  return {
    lines: {
      kind: "curve",
      title: "Points, and the line of every loss",
      caption:
        "A few raised points pull the line of least squares up; that of least absolute values hardly minds how far they are.",
      x: { label: "x" },
      y: { label: "y" },
      series: [
        { name: "measured", x: [...places], y: Array.from(values), style: "points" },
        { name: "truth", ...drawn(truth), style: "dashed" },
        ...fits.map(({ loss, line }) => ({ name: `least ${names[loss]}`, ...drawn(line), style: "dashed" as const })),
        { name: `network (${setting.loss})`, ...drawn(learned) },
      ],
    },
    losses: {
      kind: "curve",
      title: "What a residual costs",
      caption: `Points: the residuals of the network that are at most ${reach.toPrecision(2)}, at what its loss has them cost.`,
      x: { label: "Residual ŷ − y" },
      y: { label: "Loss" },
      series: [
        ...fits.map(({ loss }) => ({ name: names[loss], x: along, y: along.map(costs[loss].value) })),
        { name: "residuals", x: shown, y: shown.map(costs[setting.loss].value), style: "points" as const },
      ],
    },
    fits: {
      kind: "table",
      title: "Slope and intercept",
      columns: ["", "slope", "intercept"],
      rows: [
        ["truth", truth.slope, truth.intercept],
        ...fits.map(({ loss, line }) => [`least ${names[loss]}, in double precision`, line.slope, line.intercept]),
        [`network (${setting.loss})`, learned.slope, learned.intercept],
      ],
    },
  };
}
