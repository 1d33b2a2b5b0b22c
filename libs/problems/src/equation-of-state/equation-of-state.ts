import type { PlotDescriptor } from "@basin/contracts";
import { exponential, logarithm, randomStream } from "@basin/numerics";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { equationExperiment, FieldParameters, lossMetric, termWeight } from "../differential-equations/equation-experiment";
import { constant, difference, measured, product, solution } from "../differential-equations/expression";
import { line, rootMeanSquare } from "../differential-equations/line";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem } from "../kinds/differential-equation";
import { equationSizes } from "../memory/data-sizes";
import { withDefault } from "../with-default";

const EquationOfStateParameters = FieldParameters.extend({
  samples: z
    .int()
    .min(2)
    .max(10_000)
    .default(8)
    .meta({ title: "Energies", description: "Computed at volumes from 17 to 23 Å³, equally spaced." }),
  noise: z
    .number()
    .min(0.01)
    .max(1000)
    .default(2)
    .meta({ title: "Noise", unit: "meV", description: "Standard deviation of an energy; the data weigh by its inverse square." }),
  dataSeed: dataSeed("Of the noise; independent of the run's seed."),
  pressureWeight: termWeight(
    "Weight of the pressure",
    1000,
    "Of the square of P(V₀) in GPa; 0: not known that V₀ is the equilibrium.",
    {
      "x-suggest": { type: "choice", values: [0, 10, 1000] },
    },
  ),
  bulkWeight: termWeight("Weight of the bulk modulus", 1, "Of the square of the error of B(V₀) in GPa; 0: not known.", {
    "x-suggest": { type: "choice", values: [0, 0.1, 1] },
  }),
  hiddenLayers: withDefault(FieldParameters.shape.hiddenLayers, [32, 32]),
});
type EquationOfStateParameters = z.infer<typeof EquationOfStateParameters>;

/** Equilibrium volume in Å³, bulk modulus in GPa, its derivative by pressure. */
const [volume, bulkModulus, derivative] = [20, 98, 4];
/** 1 eV/Å³ in GPa. */
const gigapascals = 160.2176634;
const [from, to] = [17, 23];
/** The network maps (V − V₀)/3 Å³ to E/0.1 eV. */
const [reach, unit] = [3, 0.1];
const slopeUnit = (unit / reach) * gigapascals;
const bendUnit = (unit / reach ** 2) * gigapascals;

const judged = line(from, to, 121);
const scaled = (volumes: readonly number[]): Float32Array => Float32Array.from(volumes, (v) => (v - volume) / reach);

/** Birch and Murnaghan's energy in eV, pressure and bulk modulus in GPa; F. Birch, Phys. Rev. 71 (1947). */
function birchMurnaghan(v: number): { energy: number; pressure: number; bulk: number } {
  const b = bulkModulus / gigapascals;
  const q = exponential((2 / 3) * logarithm(volume / v));
  const energy = ((9 * volume * b) / 16) * ((q - 1) ** 3 * derivative + (q - 1) ** 2 * (6 - 4 * q));
  // dE/dq and d²E/dq², with q′ = −2q/(3V) and q″ = 10q/(9V²).
  const scale = (9 * volume * b) / 16;
  const first = scale * (3 * (q - 1) ** 2 * derivative + 2 * (q - 1) * (6 - 4 * q) - 4 * (q - 1) ** 2);
  const second = scale * (6 * (q - 1) * derivative + 2 * (6 - 4 * q) - 16 * (q - 1));
  const [q1, q2] = [(-2 * q) / (3 * v), (10 * q) / (9 * v * v)];
  return {
    energy,
    pressure: -first * q1 * gigapascals,
    bulk: v * (second * q1 * q1 + first * q2) * gigapascals,
  };
}

const measuredAt = ({ samples }: EquationOfStateParameters): number[] => line(from, to, samples);

function measurements(parameters: EquationOfStateParameters): number[] {
  const stream = randomStream(parameters.dataSeed, "equation-of-state/noise");
  return measuredAt(parameters).map((v, i) => birchMurnaghan(v).energy + 1e-3 * parameters.noise * stream.normal(i));
}

const problem: DifferentialEquationProblem<EquationOfStateParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const sharpness = unit / (1e-3 * parameters.noise);
    return {
      coordinates: 1,
      components: 1,
      unknowns: [],
      grids: [{ points: scaled(measuredAt(parameters)) }, { points: Float32Array.of(0) }],
      terms: [
        {
          metric: "dataLoss",
          weight: () => 1,
          grid: 0,
          measured: Float32Array.from(measurements(parameters), (energy) => energy / unit),
          residual: product(constant(sharpness), difference(solution(), measured)),
          measure: "mean-square",
        },
        {
          metric: "pressureLoss",
          weight: ({ pressureWeight }) => pressureWeight,
          grid: 1,
          measured: null,
          residual: product(constant(-slopeUnit), solution(1)),
          measure: "mean-square",
        },
        {
          metric: "bulkLoss",
          weight: ({ bulkWeight }) => bulkWeight,
          grid: 1,
          measured: null,
          residual: difference(product(constant(volume * bendUnit), solution(2)), constant(bulkModulus)),
          measure: "mean-square",
        },
      ],
    };
  },

  judge(parameters, learned) {
    const [values, slopes, bends] = learned.at(scaled(judged), [0, 1, 2]);
    const energies = Array.from(values, (value) => unit * value);
    const pressures = Array.from(slopes, (slope) => -slopeUnit * slope);
    const bulks = judged.map((v, i) => v * bendUnit * (bends[i] ?? Number.NaN));
    const [slope, bend] = learned.at(Float32Array.of(0), [1, 2]);
    const truth = judged.map(birchMurnaghan);
    const axis = { label: "Volume", unit: "Å³" };
    const curve = (title: string, caption: string, y: { label: string; unit: string }, got: number[], want: number[]) => ({
      kind: "curve" as const,
      title,
      caption,
      x: axis,
      y,
      series: [
        { name: "truth", x: judged, y: want, style: "dashed" as const },
        { name: "network", x: judged, y: got },
      ],
    });
    const energy = curve(
      "Energy",
      "The computed energies scatter by some meV, which hardly shows here and much in the derivatives.",
      { label: "E", unit: "eV" },
      energies,
      truth.map((one) => one.energy),
    );
    return {
      metrics: {
        pressureError: Math.abs(slopeUnit * (slope[0] ?? Number.NaN)),
        bulkError: Math.abs((volume * bendUnit * (bend[0] ?? Number.NaN)) / bulkModulus - 1),
        energyRmse:
          1000 *
          rootMeanSquare(
            energies,
            truth.map((one) => one.energy),
          ),
        pressureRmse: rootMeanSquare(
          pressures,
          truth.map((one) => one.pressure),
        ),
      },
      labels: {},
      plots: {
        energy: {
          ...energy,
          series: [
            { name: "computed", x: measuredAt(parameters), y: measurements(parameters), style: "points" as const },
            ...energy.series,
          ],
        },
        pressure: curve(
          "Pressure",
          "−E′, the network's exact derivative; 0 at V₀ = 20 Å³.",
          { label: "P", unit: "GPa" },
          pressures,
          truth.map((one) => one.pressure),
        ),
        bulk: curve(
          "Bulk modulus",
          "V·E″; 98 GPa at V₀.",
          { label: "B", unit: "GPa" },
          bulks,
          truth.map((one) => one.bulk),
        ),
      },
    };
  },

  diverged: () => ({ pressureError: Number.NaN, bulkError: Number.NaN }),
};

const plots: readonly PlotDescriptor[] = [
  { id: "energy", title: "Energy", kind: "curve" },
  { id: "pressure", title: "Pressure", kind: "curve" },
  { id: "bulk", title: "Bulk modulus", kind: "curve" },
];

/** Objective: the error of the pressure over all volumes, which the terms at V₀ do not name. */
export const equationOfState = equationExperiment({
  id: "equation-of-state",
  version: 1,
  title: "Equation of state of a crystal",
  summary: "A network learns a crystal's energy from a few volumes, and what is known at equilibrium.",
  description: `Energies of a crystal are computed at 8 volumes and scatter by 2 meV. The truth is Birch's and Murnaghan's,

$$E(V) = \\tfrac{9 V_0 B_0}{16}\\left[(q - 1)^3 B' + (q - 1)^2(6 - 4q)\\right],\\quad q = (V_0/V)^{2/3},$$

with $V_0 = 20$ Å³, $B_0 = 98$ GPa, $B' = 4$. Known beside the energies: at $V_0$ the pressure $P = -E'$ vanishes, and the bulk modulus $V E''$ is $B_0$. Both are terms of the loss:

$$L = \\overline{(E - E_{\\text{computed}})^2}/\\sigma^2 + w_p\\,P(V_0)^2 + w_b\\,(V_0 E''(V_0) - B_0)^2.$$

**What to look for.** With both $|P(V_0)| \\le 0.02$ GPa and $B(V_0)$ within 1 %; without them (weights 0) the energies are met as well, but their scatter spoils the derivatives, the second more than the first.
The error of the pressure at all other volumes (\`pressureRmse\`) says what the knowledge at one volume is worth elsewhere.`,
  source: "The loss function: guiding neural networks with domain knowledge: equations of state",
  defaultSweep: {
    lesson: "Two facts about the equilibrium are worth more than the energies say.",
    space: {
      pressureWeight: { type: "choice", values: [0, 1000] },
      bulkWeight: { type: "choice", values: [0, 1] },
    },
    seeds: 10,
  },
  parameters: EquationOfStateParameters,
  perRunParameters: ["pressureWeight", "bulkWeight"],
  withoutEffect: () => ["redrawEvery"],
  sizes: (parameters) =>
    equationSizes(1, 1, [{ points: EquationOfStateParameters.parse(parameters).samples + 1, derivatives: 2 }]),
  objective: { metric: "pressureRmse", direction: "minimize" },
  metrics: [
    lossMetric("dataLoss", "Mean square of the error of the energies", "Mean of ((E − computed)/σ)²."),
    lossMetric("pressureLoss", "Square of the pressure at V₀", "P(V₀)², in GPa²."),
    lossMetric("bulkLoss", "Square of the error of the bulk modulus at V₀", "(V₀E″(V₀) − B₀)², in GPa²."),
    finalMetric("pressureError", "Pressure at V₀", "|P(V₀)|.", { unit: "GPa", scale: "log" }),
    finalMetric("bulkError", "Error of the bulk modulus", "|B(V₀)/98 GPa − 1|.", { scale: "log" }),
    finalMetric("energyRmse", "Error of the energy", "√ of the mean of (Ê − E)² at 121 volumes.", { unit: "meV", scale: "log" }),
    finalMetric("pressureRmse", "Error of the pressure", "√ of the mean of (P̂ − P)² at 121 volumes.", {
      unit: "GPa",
      scale: "log",
    }),
  ],
  success: {
    text: "pressure at V₀ within 0.02 GPa, bulk modulus within 1 %",
    all: [
      { metric: "pressureError", op: "<=", value: 0.02 },
      { metric: "bulkError", op: "<=", value: 0.01 },
    ],
  },
  plots,
  problem,
});
