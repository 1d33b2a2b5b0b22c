import { atLeast, criterion, median, success, type Plan } from "./plan";

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
    median("relativeL2", { figure: `equation.${startingPoint}.relL2` }),
    median("shareOfBound", criterion),
    success(atLeast(0.8)),
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
    readings: [median("coefficientError", { figure: "typedLaw.coefficientError" }), success(atLeast(0.8))],
  },
];
