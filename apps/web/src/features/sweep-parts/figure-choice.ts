import type { ExperimentDescriptor, Figure, PlotAxis, Sweep } from "@basin/contracts";
import { shortTitle } from "../catalog/metric-title";

/** Figures that can be asked about: final metrics without those that name a class, the sweep's objective among them. */
export function figureOptions(sweep: Sweep, experiment: ExperimentDescriptor): { value: string; label: string }[] {
  const objective = sweep.objective.metric;
  const finals = experiment.metrics.filter(({ final, categories }) => final && categories === undefined).map(({ name }) => name);
  const names = [objective, ...finals.filter((name) => name !== objective)];
  return names.map((value) => ({
    value,
    label: `${shortTitle(experiment.metrics, value)}${value === objective ? " (objective)" : ""}`,
  }));
}

/** The figure in the address when it is one of the options, else the objective. */
export const chosenFigure = (options: readonly { value: string }[], asked: string | null): string =>
  (options.find(({ value }) => value === asked) ?? options[0])?.value ?? "";

export const figureAxis = ({ title, unit, scale }: Pick<Figure, "title" | "unit" | "scale">): PlotAxis => ({
  label: title.replace(/\s*\([^()]*\)$/, ""),
  unit,
  scale,
});

/** "12 of 300 trials are shown", or nothing where all are. */
export const coverageText = ({ shown, of }: { shown: number; of: number }, what: string): string =>
  shown >= of ? `all ${of} ${what}` : `${shown} of ${of} ${what}`;
