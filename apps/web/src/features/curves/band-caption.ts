import { bands, centres } from "./curve-choices";

/** What a figure of curves with bands must state: how many runs each line is of, which centre it is, and which band is around it. */
export function bandCaption(
  runs: readonly number[],
  { centre, band, logarithmic }: { centre: string; band: string; logarithmic: boolean },
): string {
  const line = centres.find(({ value }) => value === centre)?.label ?? centre;
  const around = bands.find(({ value }) => value === band)?.label ?? band;
  const [least, most] = [Math.min(...runs), Math.max(...runs)];
  const n = runs.length === 0 ? "no runs" : least === most ? `n = ${most}` : `n = ${least} to ${most}`;
  const scale = logarithmic ? ", of the logarithms" : "";
  const bandText =
    band === "none" ? "" : ` Band: ${around.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}${scale}.`;
  return `Line: ${line.toLowerCase()} over initializations (${n} per line)${scale}.${bandText}`;
}
