import { writeFileSync } from "node:fs";
import type { ExperimentDescriptor, Report } from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { machineOf } from "../machine";
import { Output } from "../output";
import type { Interruption } from "../stack/interruption";
import { atPlace, type Place } from "../stack/place";
import { duration } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { uploadFile } from "../upload-file";
import { cancelLeftovers, measurePlans } from "./measure-plans";
import type { Plan, PlanOptions } from "./plan";
import { plans } from "./plans";
import { reproduceReport, tableText } from "./reproduce-report";
import { figureOf, tableRows, type FigureOf } from "./table-row";

export interface ReproduceFlags extends PlanOptions {
  all: boolean;
  only: readonly string[];
  keep: boolean;
  reportFile: string | null;
  /** MNIST's file, which the experiment mnist is then trained on. */
  mnistFile: string | null;
}

/** Of the five minutes of `--quick`, what the sweeps may take from the command's start; the rest is for stopping. */
const quickMilliseconds = 270_000;

/** The plans asked for. Throws CommandFailed for an id that neither an experiment nor a plan has. */
export function chosenPlans({ all, only, quick }: Pick<ReproduceFlags, "all" | "only" | "quick">): Plan[] {
  if (!all && only.length === 0 && !quick)
    throw new CommandFailed(exitCodes.badInput, "say what: --all, --quick or --only ID (an experiment of basin catalog)");
  const ids = [...new Set(plans.map(({ experiment }) => experiment))];
  for (const id of only) {
    if (!plans.some((plan) => plan.experiment === id || plan.id === id))
      throw new CommandFailed(exitCodes.badInput, `there is nothing to reproduce for "${id}"; choose from ${ids.join(", ")}`);
  }
  const asked = only.length === 0 ? plans : plans.filter((plan) => only.includes(plan.experiment) || only.includes(plan.id));
  return quick ? asked.filter((plan) => plan.quick !== null) : [...asked];
}

async function runReproduce(
  place: Place,
  flags: ReproduceFlags,
  chosen: readonly Plan[],
  output: Output,
  interruption: Interruption,
  started: number,
): Promise<void> {
  const startedAt = new Date();
  const catalog = await call(place.api, "getCatalog", { query: {} });
  const known = new Map(catalog.experiments.map((experiment): [string, ExperimentDescriptor] => [experiment.id, experiment]));
  const mnist = flags.mnistFile === null ? null : await uploadFile(place.api, flags.mnistFile);
  const planned = chosen.flatMap((plan) => {
    const experiment = known.get(plan.experiment);
    const own = mnist !== null && plan.experiment === "mnist" ? { ...plan, fixed: { ...plan.fixed, dataset: mnist.id } } : plan;
    return experiment ? [{ plan: startedFrom(own, experiment), experiment }] : [];
  });
  const missing = [...new Set(chosen.map(({ experiment }) => experiment))].filter((id) => !known.has(id));
  for (const { plan, experiment } of planned) checkMetrics(plan, experiment);
  if (planned.length === 0) throw new CommandFailed(exitCodes.badInput, `this API has no experiment ${missing.join(", ")}`);
  output.say(`\n${planned.length} sweeps of ${new Set(planned.map(({ experiment }) => experiment.id)).size} experiments`);
  if (missing.length > 0) output.say(`Left out, because this API does not have them: ${missing.join(", ")}`);
  // In a stack of one's own there is no other measurement.
  const left = place.own === null ? 0 : await cancelLeftovers(place.api);
  if (left > 0) output.say(`${left} sweeps of an earlier measurement were cancelled`);
  const deadline = flags.quick ? started + quickMilliseconds : null;
  const measured = await measurePlans(place.api, planned, flags, output, interruption.signal, deadline);
  const ofOther: FigureOf = (id, reading) => {
    const other = measured.find(({ plan }) => plan.id === id);
    return other ? figureOf(other, reading) : null;
  };
  const rows = measured.flatMap((measurement) => tableRows(measurement, ofOther));
  const seconds = (performance.now() - started) / 1000;
  const report = reproduceReport({ machine: await machineOf(place.api), startedAt, seconds, plans: chosen, rows });
  const { people } = output;
  for (const line of tableText(rows, styleFor(people), people.isTTY ? people.columns : undefined)) output.say(line);
  sayVerdict(report, output, seconds);
  if (flags.reportFile === "-") process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (flags.reportFile !== null) writeFileSync(flags.reportFile, `${JSON.stringify(report, null, 2)}\n`);
  const failed = measured.flatMap(({ groups }) => groups).reduce((sum, { counts }) => sum + counts.failed, 0);
  if (failed > 0) {
    output.say(`${failed} runs failed: basin sweep list --search Reproduce`);
    process.exitCode = exitCodes.runsLost;
  }
  if (interruption.signal.aborted) process.exitCode = exitCodes.interrupted;
}

/** The plan with the values of its starting point. Throws CommandFailed when the API's experiment has no such point. */
export function startedFrom(plan: Plan, { startingPoints = [], version }: ExperimentDescriptor): Plan {
  if (plan.startingPoint === undefined) return plan;
  const point = startingPoints.find(({ id }) => id === plan.startingPoint);
  if (point) return { ...plan, fixed: { ...point.parameters, ...plan.fixed } };
  const what = `the API's experiment (version ${version}) has no starting point ${plan.startingPoint}, which ${plan.id} is about`;
  throw new CommandFailed(exitCodes.badInput, `${what}; are the command and the API of the same version?`);
}

/** Throws CommandFailed when the API's experiment has no metric that a reading names: the two are of different versions. */
function checkMetrics({ id, readings }: Plan, { metrics, version }: ExperimentDescriptor): void {
  const names = new Set(metrics.map(({ name }) => name));
  const unknown = readings.filter(({ read, metric }) => read !== "success" && !names.has(metric)).map(({ metric }) => metric);
  if (unknown.length === 0) return;
  const what = `the API's experiment (version ${version}) has no metric ${unknown.join(", ")}, which ${id} is about`;
  throw new CommandFailed(exitCodes.badInput, `${what}; are the command and the API of the same version?`);
}

function sayVerdict({ checks }: Report, output: Output, seconds: number): void {
  const count = (verdict: boolean | null): number => checks.filter(({ met }) => met === verdict).length;
  const open = count(null);
  const rest = open > 0 ? `, ${open} not judged` : "";
  output.say(`\n${count(true)} of ${checks.length} criteria met, ${count(false)} missed${rest}, in ${duration(seconds)}`);
}

/** `basin reproduce`. The exit code says whether the measurement ran, not whether the criteria were met. */
export async function reproduce(flags: ReproduceFlags): Promise<void> {
  const started = performance.now();
  const chosen = chosenPlans(flags);
  const output = new Output(flags.reportFile === "-");
  await atPlace("basin reproduce", { web: flags.keep, keep: flags.keep }, output, (place, interruption) =>
    runReproduce(place, flags, chosen, output, interruption, started),
  );
}
