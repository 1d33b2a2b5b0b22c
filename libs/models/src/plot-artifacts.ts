import { PlotData, plotArtifactName, plotMediaType } from "@basin/contracts";
import type { ProgramArtifact } from "@basin/engine";
import type { ExperimentDefinition, PlotsById } from "@basin/problems";

/** The most that one plot may weigh as JSON; a surface of 61 × 61 points with three layers has about 100 kB. */
const plotMaxBytes = 4 * 1024 * 1024;

/** Digits that travel: more than a screen shows, and as many as single precision has. */
const significantDigits = 7;

/**
 * A run's plots as artifacts, in the order of the experiment's descriptor. Numbers are rounded to seven significant digits; those
 * that are not finite become null. Throws RangeError, naming the plot, for one that the experiment does not declare or declares as
 * another kind, for data that `PlotData` refuses, and for more than `plotMaxBytes`.
 */
export function plotArtifacts(
  { id, plots: declared }: Pick<ExperimentDefinition, "id" | "plots">,
  plots: PlotsById,
): ProgramArtifact[] {
  for (const name of Object.keys(plots)) {
    if (!declared.some((plot) => plot.id === name)) throw new RangeError(`The experiment "${id}" declares no plot "${name}".`);
  }
  return declared.flatMap(({ id: name, kind }) => {
    const data = plots[name];
    if (!data) return [];
    const json = JSON.stringify(data, (_, value: unknown) => (typeof value === "number" ? rounded(value) : value));
    const parsed = PlotData.safeParse(JSON.parse(json));
    if (!parsed.success) throw new RangeError(`The plot "${name}" of "${id}" is malformed: ${parsed.error.message}`);
    if (parsed.data.kind !== kind)
      throw new RangeError(`The plot "${name}" of "${id}" is declared as ${kind}, not ${parsed.data.kind}.`);
    const content = new TextEncoder().encode(JSON.stringify(parsed.data));
    if (content.length > plotMaxBytes) {
      throw new RangeError(`The plot "${name}" of "${id}" has ${content.length} bytes; at most ${plotMaxBytes} are kept.`);
    }
    return [{ name: plotArtifactName(name), kind: "plot" as const, mediaType: plotMediaType, content }];
  });
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(significantDigits)) : null;
}
