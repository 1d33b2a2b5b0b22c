import type { Configuration, MetricDescriptor } from "@basin/contracts";
import { equationExperiment, lossMetric } from "../differential-equations/equation-experiment";
import { networkPasses, pointsOf } from "../differential-equations/passes";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem } from "../kinds/differential-equation";
import { equationSizes } from "../memory/data-sizes";
import { checkEquation, checkNamedDataset, equationWarnings, idleInEquation } from "./check-equation";
import { judgeEquation, mapIds } from "./equation-judgement";
import { EquationParameters, equationParameters, judgingDataset, most } from "./equation-parameters";
import { gallery } from "./gallery";
import { measuredPoints, measuredSizes, type MeasuredPoints } from "./measured-points";
import { counted, trainedSystem, typedSystem } from "./typed-system";

const problem: DifferentialEquationProblem<EquationParameters> = {
  kind: "differential-equation",
  system(parameters, resources) {
    const content = parameters.dataset === "" ? null : resources.dataset(parameters.dataset);
    return trainedSystem(parameters, content && measuredPoints(parameters, typedSystem(parameters).system, content));
  },
  judge: judgeEquation,
  diverged: () => ({ error: Number.NaN, shareOfBound: Number.NaN }),
};

/** Points and derivatives that go through the network, and how many values. */
function sizesWith(parameters: EquationParameters, data: MeasuredPoints | null) {
  const system = trainedSystem(parameters, data, counted);
  return equationSizes(
    system.coordinates,
    system.components,
    networkPasses(system as Parameters<typeof networkPasses>[0]).map(({ grids, plan }) => ({
      points: grids.reduce((sum, grid) => sum + pointsOf(system as Parameters<typeof pointsOf>[0], grid), 0),
      derivatives: plan.entries.length - 1,
    })),
  );
}

function each(count: number, name: (i: number) => string, title: (i: number) => string, text: string): MetricDescriptor[] {
  return Array.from({ length: count }, (_, i) => lossMetric(name(i + 1), title(i + 1), text));
}

const whereKnown = { where: [{ parameter: "referenceFrom", isNot: "none" }] };
const whereMeasured = { where: [{ parameter: "dataset", isNot: "" }] };
const whereTrained = { where: [{ parameter: "trainable", isNot: [] }] };

/** Objective: the error against the known solution, which tells apart runs whose losses weigh their parts differently. */
export const equation = equationExperiment({
  id: "equation",
  version: 1,
  title: "Your own equation",
  summary: "A network solves differential equations that you type, in one to four coordinates.",
  description: `You type the unknowns, the coordinates with their ranges, equations and conditions; a physics-informed network solves them:

$$L = w_e \\sum_{\\text{equations}} \\overline{r^2} + w_i \\sum_{\\text{start}} \\overline{c^2} + w_c \\sum_{\\text{other conditions}} \\overline{c^2} + w_d \\sum_{\\text{measured}} \\overline{(u - \\hat u)^2},$$

$r$ and $c$ the left side less the right one of an equation and a condition. Each begins as the heat equation; **starting points** are ten known equations.

- *Derivatives* are \`u_t\`, \`u_xx\`, \`u_xy\`, up to the third.
- *Operators* are \`+ - * / ^\`, functions sin, cos, tan, exp, log, sqrt, tanh, sinh, cosh and abs; \`pi\` is known.
- *Conditions* say where they hold: \`u(0, t) = 0\`, \`u_x(1, t) = 0\`, \`u(x, 0) = sin(pi*x)\`. One that holds at the lower end of \`t\` is a start.
  One may tie two ends: \`u(0, t) = u(1, t)\` and \`u_x(0, t) = u_x(1, t)\` make $u$ periodic.
- *Constants* ${["alpha", "beta", "gamma", "delta", "kappa", "mu", "nu", "omega"].map((name) => `\`${name}\``).join(", ")} are parameters, so they can be swept;
  others are defined from numbers and these: \`D = 0.01/pi\`. Trained ones need data.
- *Known solution*: a formula, values of a dataset at its own points, or for one coordinate numerical integration from the conditions at the start. It only judges.

Coordinates are scaled to $-1 \\dots 1$ for the network; unknowns should be of the size of 1.

**What to look for.** *Error* is $\\sqrt{\\sum (\\hat u - u)^2/\\sum u^2}$ over the unknowns that are known, at 501 points of one coordinate, 101² of two, 31³ of three, 13⁴ of four, or at a dataset's points; where
nothing is known it is the root mean square of the residuals, which says how well the equations are met, not how near the solution is.`,
  source: "Raissi, Perdikaris and Karniadakis, J. Comput. Phys. 378 (2019); your own equation",
  defaultSweep: {
    lesson: "A constant of a typed equation is swept like any other parameter.",
    space: { alpha: { type: "choice", values: [0.05, 0.2, 0.8] } },
    seeds: 3,
  },
  parameters: EquationParameters,
  perRunParameters: ["equationWeight", "initialWeight", "conditionWeight", "dataWeight", "constantRate"],
  startingPoints: gallery,
  check: (parameters) => checkEquation(equationParameters(parameters)),
  warnings: (parameters) => equationWarnings(equationParameters(parameters)),
  withoutEffect: (parameters) => idleInEquation(equationParameters(parameters)),
  datasets(configuration) {
    const parameters = equationParameters(configuration);
    return [...new Set([parameters.dataset, judgingDataset(parameters)])].filter((id) => id !== "");
  },
  hasOwnData: true,
  checkDataset: (configuration: Configuration, dataset) => checkNamedDataset(equationParameters(configuration), dataset),
  sizes(configuration, datasets) {
    const parameters = equationParameters(configuration);
    if (parameters.dataset === "") return sizesWith(parameters, null);
    const table = datasets(parameters.dataset);
    return table ? sizesWith(parameters, measuredSizes(parameters, typedSystem(parameters).system, table)) : null;
  },
  objective: { metric: "error", direction: "minimize" },
  metrics: [
    ...each(
      most.equations,
      (i) => `equation${i}Loss`,
      (i) => `Mean square of the residual of equation ${i}`,
      "Mean of (left − right)² over the points.",
    ),
    ...each(
      most.conditions,
      (i) => `condition${i}Loss`,
      (i) => `Mean square of condition ${i}`,
      "Mean of (left − right)² over its points.",
    ),
    ...each(
      most.unknowns,
      (i) => `data${i}Loss`,
      (i) => `Mean square error of the data of unknown ${i}`,
      "Mean of (û − measured)² over the rows.",
    ).map((metric) => ({ ...metric, ...whereMeasured })),
    finalMetric(
      "error",
      "Error",
      "Relative error (L₂) where a solution is known; otherwise the root mean square of the residuals.",
      {
        scale: "log",
      },
    ),
    finalMetric("shareOfBound", "Error over its bound", "The error over the parameter bound; a success is at most 1.", {
      scale: "log",
    }),
    finalMetric(
      "residualRms",
      "Root mean square of the residuals",
      "√ of the mean of (left − right)² over the points and equations.",
      {
        scale: "log",
      },
    ),
    {
      ...finalMetric("relativeL2", "Relative error (L₂)", "√(Σ(û − u)²/Σu²) over the known unknowns and the judged points.", {
        scale: "log",
      }),
      ...whereKnown,
    },
    {
      ...finalMetric("maxError", "Greatest error", "Greatest |û − u| over the known unknowns and the judged points.", {
        scale: "log",
      }),
      ...whereKnown,
    },
    ...Array.from({ length: most.trainable }, (_, i) => ({
      ...finalMetric(
        `estimate${i + 1}`,
        `Trained constant ${i + 1}`,
        "Its value after training, in the order in which they are typed.",
      ),
      ...whereTrained,
    })),
  ],
  success: { text: "the error is within its bound", all: [{ metric: "shareOfBound", op: "<=", value: 1 }] },
  plots: [
    { id: "solution", title: "Solution", kind: "curve" },
    ...mapIds.map((id, i) => ({ id, title: i === 0 ? "Solution" : `Solution: unknown ${i + 1}`, kind: "contour" as const })),
  ],
  picture: "contour",
  problem,
});
