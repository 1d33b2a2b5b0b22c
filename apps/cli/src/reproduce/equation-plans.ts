import type { Plan } from "./plan";

/** Starting points of the experiment `equation`. */
const points = [
  "burgers",
  "wave",
  "advection-diffusion",
  "helmholtz",
  "korteweg-de-vries",
  "allen-cahn",
  "poisson",
  "lotka-volterra",
  "van-der-pol",
  "schroedinger",
];

/** Equations as a person types them: each known one against its bound. */
export const equationPlans: readonly Plan[] = points.map((startingPoint) => ({
  id: `equation/${startingPoint}`,
  experiment: "equation",
  setting: `typed: ${startingPoint}`,
  startingPoint,
  seeds: 10,
  quick: startingPoint === "van-der-pol" ? { seeds: 1, fixed: { epochs: 500 } } : null,
  readings: [
    { metric: "relativeL2", read: "median", figure: `equation.${startingPoint}.relL2` },
    { metric: "shareOfBound", read: "median", want: "criterion" },
    { metric: "success", read: "success", want: { op: ">=", value: 0.8 } },
  ],
}));
