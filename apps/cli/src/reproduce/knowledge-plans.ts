import type { Plan } from "./plan";

/** Every comparison is over ten initializations. */
const seeds = 10;
/** What `--quick` trains of a field: far too short to be judged. */
const glance = { seeds: 1, fixed: { points: 100, epochs: 300 } };

/** Domain knowledge in the loss: each experiment with its term, then without. */
export const knowledgePlans: readonly Plan[] = [
  {
    id: "laplace-pinn",
    experiment: "laplace-pinn",
    setting: "2-32-32-32-1 tanh, weights 1 and 100, 1,000 + 400 points",
    seeds,
    quick: glance,
    readings: [
      { metric: "relativeL2", read: "median", want: "criterion", figure: "E5.relL2.with" },
      { metric: "centreError", read: "median", want: "criterion" },
      { metric: "interiorMaximum", read: "median", want: "criterion" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E5.success" },
    ],
  },
  {
    id: "laplace-pinn/without",
    experiment: "laplace-pinn",
    setting: "the same without the equation",
    fixed: { residualWeight: 0 },
    seeds,
    quick: glance,
    readings: [
      { metric: "relativeL2", read: "median", figure: "E5.relL2.without" },
      { metric: "relativeL2", read: "median", over: "laplace-pinn", want: { op: ">=", value: 5 } },
    ],
  },
  {
    id: "heat-pinn",
    experiment: "heat-pinn",
    setting: "both ends held at 0, α = 1, until 0.5",
    seeds,
    quick: { seeds: 1, fixed: { epochs: 300 } },
    readings: [
      { metric: "relativeL2", read: "median", want: "criterion", figure: "E6.relL2.with" },
      { metric: "fluxError", read: "median", want: "criterion" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E6.success" },
    ],
  },
  {
    id: "heat-pinn/without",
    experiment: "heat-pinn",
    setting: "the same without the equation",
    fixed: { residualWeight: 0 },
    seeds,
    quick: { seeds: 1, fixed: { epochs: 300 } },
    readings: [
      { metric: "relativeL2", read: "median", figure: "E6.relL2.without" },
      { metric: "relativeL2", read: "median", over: "heat-pinn", want: { op: ">=", value: 5 } },
    ],
  },
  {
    id: "heat-pinn/mixed",
    experiment: "heat-pinn",
    setting: "the right end insulated, α = 0.5, until 1",
    fixed: { boundary: "mixed", diffusivity: 0.5, endTime: 1 },
    seeds,
    quick: null,
    readings: [
      { metric: "relativeL2", read: "median", want: "criterion", figure: "E6.mixed.relL2.with" },
      { metric: "fluxError", read: "median", want: "criterion", figure: "E6.mixed.flux.with" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 } },
    ],
  },
  {
    id: "heat-pinn/without-flux",
    experiment: "heat-pinn",
    setting: "the same without the term of the insulated end",
    fixed: { boundary: "mixed", diffusivity: 0.5, endTime: 1, fluxWeight: 0 },
    seeds,
    quick: null,
    readings: [
      { metric: "relativeL2", read: "median", figure: "E6.mixed.relL2.without" },
      {
        metric: "fluxError",
        read: "median",
        want: { op: ">=", value: 0.0637 },
        figure: "E6.mixed.flux.without",
        remark: "0.1 in the source's units: the flux is told over that at the other end when the cooling begins, π/2",
      },
    ],
  },
  {
    id: "heat-pinn/inverse",
    experiment: "heat-pinn",
    setting: "α trained, from 50 temperatures with noise 0.01",
    fixed: { inverse: true },
    seeds,
    quick: null,
    readings: [{ metric: "diffusivityError", read: "median", want: { op: "<=", value: 0.02 }, figure: "E6.inverse.alpha" }],
  },
  {
    id: "black-scholes-pinn",
    experiment: "black-scholes-pinn",
    setting: "K = 5, T = 1, r = 0.05, σ = 0.3; weights 100, 100, 10, 10",
    seeds,
    quick: glance,
    readings: [
      {
        metric: "mae",
        read: "median",
        want: "criterion",
        figure: "E7.mae.with",
        missed: "most of it stands near the kink of the payoff, which a smooth network rounds; price and delta are met",
      },
      { metric: "priceError", read: "median", want: "criterion", figure: "E7.price.with" },
      { metric: "deltaError", read: "median", want: "criterion", figure: "E7.delta.with" },
    ],
  },
  {
    id: "black-scholes-pinn/without",
    experiment: "black-scholes-pinn",
    setting: "the same without the equation",
    fixed: { residualWeight: 0 },
    seeds,
    quick: glance,
    readings: [
      { metric: "mae", read: "median", figure: "E7.mae.without" },
      { metric: "mae", read: "median", over: "black-scholes-pinn", want: { op: ">=", value: 5 } },
    ],
  },
  {
    id: "convex-free-energy",
    experiment: "convex-free-energy",
    setting: "Ω = 1.5, 12 measurements with noise 0.03, λ = 1e-2",
    seeds,
    quick: { seeds: 1, fixed: { epochs: 500 } },
    readings: [
      { metric: "leastCurvature", read: "median", want: "criterion", figure: "E9.leastCurvature.with" },
      { metric: "rmse", read: "median", figure: "E9.rmse.with" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E9.success" },
    ],
  },
  {
    id: "convex-free-energy/without",
    experiment: "convex-free-energy",
    setting: "the same without the convexity",
    fixed: { convexityWeight: 0 },
    seeds,
    quick: { seeds: 1, fixed: { epochs: 500 } },
    readings: [
      { metric: "leastCurvature", read: "median", want: { op: "<=", value: 0 }, figure: "E9.leastCurvature.without" },
      { metric: "rmse", read: "median", figure: "E9.rmse.without" },
      { metric: "rmse", read: "median", over: "convex-free-energy", want: { op: ">=", value: 1 } },
    ],
  },
  {
    id: "convex-free-energy/unstable",
    experiment: "convex-free-energy",
    setting: "Ω = 2.5: the mixture separates, and the knowledge is wrong",
    fixed: { interaction: 2.5 },
    seeds,
    quick: null,
    readings: [{ metric: "rmse", read: "median", remark: "what a wrong term destroys: the hollow of the true curve is filled" }],
  },
  {
    id: "equation-of-state",
    experiment: "equation-of-state",
    setting: "8 energies with 2 meV, P(V₀) = 0 and B(V₀) = 98 GPa known",
    seeds,
    quick: { seeds: 2 },
    readings: [
      { metric: "pressureError", read: "median", want: "criterion", figure: "E10.pressure.with" },
      { metric: "bulkError", read: "median", want: "criterion", figure: "E10.bulk.with" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E10.success" },
    ],
  },
  {
    id: "equation-of-state/without",
    experiment: "equation-of-state",
    setting: "the same from the energies alone",
    fixed: { pressureWeight: 0, bulkWeight: 0 },
    seeds,
    quick: { seeds: 2 },
    readings: [
      { metric: "pressureError", read: "median", want: { op: ">=", value: 0.08 }, figure: "E10.pressure.without" },
      { metric: "bulkError", read: "median", want: { op: ">=", value: 0.03 }, figure: "E10.bulk.without" },
    ],
  },
  {
    id: "energy-conservation",
    experiment: "energy-conservation",
    setting: "20 angles with noise 0.1, λ = 1",
    seeds,
    quick: { seeds: 1, fixed: { epochs: 500 } },
    readings: [
      { metric: "energySpread", read: "median", want: "criterion", figure: "E19.energySpread.with" },
      { metric: "rmse", read: "median", figure: "E19.rmse.with" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E19.success" },
    ],
  },
  {
    id: "energy-conservation/without",
    experiment: "energy-conservation",
    setting: "the same from the angles alone",
    fixed: { energyWeight: 0 },
    seeds,
    quick: { seeds: 1, fixed: { epochs: 500 } },
    readings: [
      { metric: "energySpread", read: "median", figure: "E19.energySpread.without" },
      { metric: "energySpread", read: "median", over: "energy-conservation", want: { op: ">=", value: 5 } },
      { metric: "rmse", read: "median", figure: "E19.rmse.without" },
      {
        metric: "rmse",
        read: "median",
        over: "energy-conservation",
        want: { op: ">=", value: 1.43 },
        remark: "an orbit 30 % less wrong",
      },
    ],
  },
];
