import type { Plan } from "./plan";
import { glance, seeds } from "./with-and-without";

interface Benchmark {
  equation: string;
  setting: string;
  /** What the literature reports, where it is of this setting. */
  source?: string;
  /** In the names of the report's figures. */
  figure: string;
  quick: Plan["quick"];
  /** Whether the experiment's criterion is held against the median. */
  judged: boolean;
}

const benchmarks: readonly Benchmark[] = [
  {
    equation: "burgers",
    setting: "Burgers with ν = 0.01/π, conditions built in",
    source: "6.7e-4 (Raissi et al. 2019)",
    figure: "burgers",
    quick: glance({ points: 100, epochs: 300, lbfgsSteps: 100 }),
    judged: true,
  },
  {
    equation: "allen-cahn",
    setting: "Allen–Cahn with diffusion 1e-4, conditions built in",
    source: "0.00699 in discrete time (Raissi et al. 2019)",
    figure: "allenCahn",
    quick: null,
    judged: false,
  },
  {
    equation: "helmholtz",
    setting: "Helmholtz with sin πx·sin 4πy, conditions built in",
    figure: "helmholtz",
    quick: null,
    judged: false,
  },
];

/** Problems of which others publish errors. */
export const benchmarkPlans: readonly Plan[] = benchmarks.map(({ equation, setting, source, figure, quick, judged }): Plan => ({
  id: `pinn-benchmarks/${equation}`,
  experiment: "pinn-benchmarks",
  setting,
  fixed: { equation },
  seeds,
  quick,
  readings: [
    {
      metric: "relativeL2",
      read: "median",
      ...(source === undefined ? {} : { source }),
      figure: `${figure}.relL2`,
      ...(judged ? { want: "criterion" as const } : {}),
    },
    { metric: "maxError", read: "median", figure: `${figure}.maxError` },
  ],
}));
