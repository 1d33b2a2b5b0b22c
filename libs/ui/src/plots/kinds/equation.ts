import { EquationView } from "../equation-view";
import type { ViewedKind } from "../plot-kind";
import { Portrait } from "./picture";
import { spaced } from "./sample-values";

const history = spaced(40, 0, 4900).map((step) => {
  const late = step / 4900;
  return {
    step: Math.round(step),
    coefficients: [0.1 * (1 - late), -0.98 * (1 - Math.exp(-5 * late)), 0.3 * Math.exp(-3 * late)],
    active: [late < 0.45, true, late < 0.75],
  };
});

export const equation: ViewedKind<"equation"> = {
  View: EquationView,
  picture: Portrait,
  samples: () => [
    {
      title: "Discovered law",
      text: "z'' = -0.978 sin(z)",
      latex: "\\ddot{z} = -0.978\\,\\sin z",
      truth: { text: "z'' = -sin(z)", latex: "\\ddot{z} = -\\sin z" },
      terms: [
        { text: "z", latex: "z" },
        { text: "sin z", latex: "\\sin z" },
        { text: "z²", latex: "z^2" },
      ],
      rows: [{ name: "\\ddot{z}", coefficients: [0, -0.978, 0], active: [false, true, false], history }],
    },
  ],
};
