import type { PlotDataInput } from "@basin/contracts";

/** The epoch in the middle of the plateau whose loss the drop is measured from. */
export const plateauEpoch = 100;
const dropFactor = 4;
/** Points of the plotted curve. */
const shownPoints = 500;

/** `plateauLoss` and, when the loss fell far enough below it afterwards, `dropEpoch`; nothing of runs that end before. */
export function curveFigures(losses: readonly number[]): Record<string, number> {
  const plateauLoss = losses[plateauEpoch - 1];
  if (plateauLoss === undefined) return {};
  const dropped = losses.findIndex((loss, i) => i >= plateauEpoch && loss <= plateauLoss / dropFactor);
  return dropped < 0 ? { plateauLoss } : { plateauLoss, dropEpoch: dropped + 1 };
}

/** d loss / d epoch by central differences over the spacing of the curve's points, so that the noise of single epochs averages out. */
export function slopePlot(losses: readonly number[]): PlotDataInput | null {
  const stride = Math.max(1, Math.ceil(losses.length / shownPoints));
  const at = Array.from({ length: Math.floor((losses.length - 1) / stride) - 1 }, (_, i) => (i + 1) * stride);
  if (at.length < 2) return null;
  const slope = at.map((i) => ((losses[i + stride] ?? Number.NaN) - (losses[i - stride] ?? Number.NaN)) / (2 * stride));
  return {
    kind: "curve",
    title: "Change of the loss per epoch",
    caption: "Most negative where the network finds the oscillation.",
    x: { label: "Epoch", unit: "epoch" },
    y: { label: "d loss / d epoch" },
    series: [{ name: "d loss / d epoch", x: at.map((i) => i + 1), y: slope }],
  };
}
