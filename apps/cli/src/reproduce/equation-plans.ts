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
const gallery = points.map((startingPoint): Plan => ({
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

export const equationPlans: readonly Plan[] = [
  ...gallery,
  {
    id: "typed-law",
    experiment: "typed-law",
    setting: "predators and prey, typed; noise 0.001",
    fixed: { noise: 0.001 },
    seeds: 10,
    quick: { seeds: 2, judged: true },
    readings: [
      { metric: "coefficientError", read: "median", figure: "typedLaw.coefficientError" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 } },
    ],
  },
];
