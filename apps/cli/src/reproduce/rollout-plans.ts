import type { Plan, Reading } from "./plan";
import { glance, seeds, withAndWithout } from "./with-and-without";

const criterion = { want: "criterion" } as const;
const short = glance({ epochs: 20, horizon: 100, firstHorizon: 50 });

/** With less weight on the energy the error is smaller and the energy greater than in the plan before. */
const trade = (than: string): Reading[] => [
  { metric: "rmsError", read: "median", minus: than, want: { op: "<=", value: 0 } },
  { metric: "meanEnergy", read: "median", minus: than, want: { op: ">=", value: 0 } },
];
const rest: Reading[] = [
  { metric: "inRange", read: "median", ...criterion },
  { metric: "restError", read: "median", ...criterion },
];

const lighter = (name: string, energyWeight: number, than: string): Plan => ({
  id: `maglev/${name}`,
  experiment: "maglev",
  setting: energyWeight === 0 ? "the same without the energy" : `λ = ${energyWeight}`,
  fixed: { energyWeight },
  seeds,
  quick: energyWeight === 0 ? short : null,
  readings: [
    ...rest,
    {
      metric: "rmsError",
      read: "median",
      figure: `E13.error.${name}`,
      ...(energyWeight === 0 ? { want: { op: "<=", value: 0.02 } } : {}),
    },
    { metric: "meanEnergy", read: "median", figure: `E13.energy.${name}` },
    ...trade(than),
    { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: `E13.success.${name}` },
  ],
});

/** Networks in closed loop, and a recurrent one. */
export const rolloutPlans: readonly Plan[] = [
  {
    id: "maglev",
    experiment: "maglev",
    setting: "3-32-32-1 tanh through 100 to 300 steps, 120 epochs, λ = 0.1",
    seeds,
    quick: short,
    readings: [
      ...rest,
      { metric: "restGap", read: "median", source: "0.9091 (r/(1 + λ))", figure: "E13.restGap.with" },
      { metric: "rmsError", read: "median", figure: "E13.error.with" },
      { metric: "meanEnergy", read: "median", figure: "E13.energy.with" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E13.success.with" },
    ],
  },
  lighter("hundredth", 1e-2, "maglev"),
  lighter("thousandth", 1e-3, "maglev/hundredth"),
  lighter("without", 0, "maglev/thousandth"),
  ...withAndWithout({
    section: "F.clipping",
    experiment: "delayed-echo",
    setting: "Elman network of 32, echo after 5 of 50 steps, momentum 0.1, norm limited to 1",
    without: { setting: "the same without a limit", fixed: { clipNorm: 0 } },
    quick: glance({ epochs: 50 }),
    figures: [
      { metric: "testError", figure: "testError", with: criterion },
      { metric: "largestGradientNorm", figure: "largestNorm" },
    ],
  }),
  {
    id: "delayed-echo/slow",
    experiment: "delayed-echo",
    setting: "without a limit at a tenth of the rate",
    fixed: { clipNorm: 0, learningRate: 0.01 },
    seeds,
    quick: null,
    readings: [
      { metric: "testError", read: "median", figure: "F.clipping.testError.slow" },
      { metric: "success", read: "success", figure: "F.clipping.success.slow" },
    ],
  },
];
