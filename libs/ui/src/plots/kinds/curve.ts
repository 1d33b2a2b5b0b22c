import { curveDrawing } from "../curve-drawing";
import type { DrawnKind } from "../plot-kind";
import { axis, spaced } from "./sample-values";

const steps = spaced(60, 0, 5900);

export const curve: DrawnKind<"curve"> = {
  drawing: curveDrawing,
  picture: null,
  samples: () => [
    {
      title: "Pendulum: angle over time",
      caption: "The learned trajectory leaves the true one after about 20 s.",
      x: axis("time", "s"),
      y: axis("angle", "rad"),
      series: [
        { name: "truth", x: steps.map((s) => s / 200), y: steps.map((s) => Math.sin(s / 400)), style: "dashed" },
        {
          name: "learned",
          x: steps.map((s) => s / 200),
          y: steps.map((s) => Math.sin(s / (400 + s / 80))),
          low: steps.map((s) => Math.sin(s / (400 + s / 80)) - s / 15000),
          high: steps.map((s) => Math.sin(s / (400 + s / 80)) + s / 15000),
        },
      ],
      marks: [{ x: 15, label: "end of training data" }],
    },
    {
      title: "Spectrum of the error",
      x: { ...axis("frequency", "Hz"), scale: "log" },
      y: { ...axis("power", "rad²/Hz"), scale: "log" },
      series: [{ name: "error", x: spaced(50, 0.1, 40), y: spaced(50, 0.1, 40).map((f) => 1e-3 / (1 + f ** 3)), style: "steps" }],
    },
  ],
};
