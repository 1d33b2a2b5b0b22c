import { type Report, type Sweep, type SubmittedSpec } from "@basin/contracts";
import { call } from "../api-calls";
import { writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { exitCodes } from "../exit";
import { Output } from "../output";
import { resultLines } from "../results-view";
import type { Interruption } from "../stack/interruption";
import { atPlace, type Place } from "../stack/place";
import { duration, figure } from "../terminal/number-format";
import { styleFor, type Style } from "../terminal/style";
import { watchSweep } from "../watch/watch-sweep";
import { demoAnswer, demoReport, outcomeOf } from "./demo-report";
import { demoSweep } from "./demo-sweep";

export interface DemoFlags {
  quick: boolean;
  /** Whether a stack that the demo started stays up until Ctrl-C. */
  keep: boolean;
  reportFile: string | null;
}

/** The demo that an earlier Ctrl-C left unfinished goes on; otherwise a new one is submitted. */
async function submitOrContinue(api: string, spec: SubmittedSpec, output: Output): Promise<Sweep> {
  const unfinished = await call(api, "listSweeps", {
    query: { state: ["running", "paused"], tag: spec.tags[0] ?? "", limit: 10 },
  });
  const before = unfinished.items.findLast((sweep) => isDeepStrictEqual(sweep.spec.space, spec.space));
  if (!before) return call(api, "createSweep", { body: spec });
  output.say(`Continuing ${before.name} (${before.id}) from before`);
  return before.state === "paused" ? call(api, "resumeSweep", { params: { sweep: before.id } }) : before;
}

function checkLines(report: Report, style: Style): string[] {
  return report.checks.map(({ name, want, got, met, reason }) => {
    const mark = met === null ? style.yellow("–") : met ? style.green("✓") : style.red("✗");
    const value = typeof got === "number" ? figure(got) : (got ?? "nothing");
    return `  ${mark} ${name}: ${value} (want ${want})${reason === undefined ? "" : style.dim(` – ${reason}`)}`;
  });
}

/** Runs the sweep and tells what it found. Gives the sweep's page, or null where no dashboard is served. */
async function runDemo(place: Place, flags: DemoFlags, output: Output, interruption: Interruption): Promise<string | null> {
  const style = styleFor(output.people);
  const startedAt = new Date();
  const sweep = await submitOrContinue(place.api, demoSweep(flags.quick), output);
  const url = place.web === null ? null : `${place.web}/sweeps/${sweep.id}`;
  output.say();
  if (url !== null) output.say(`Watch it in the dashboard: ${style.cyan(url)}\n`);
  const end = await watchSweep(place.api, sweep.id, output, interruption.signal);
  if (interruption.signal.aborted) {
    output.say(`\nInterrupted. The sweep ${sweep.id} goes on at the next start (npm run demo, or npm start).`);
    process.exitCode = exitCodes.interrupted;
    return url;
  }
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const results = await call(place.api, "getResults", { params: { sweep: end.id }, query: {} });
  const report = await demoReport(place.api, { sweep: end, results, startedAt, seconds });
  const { runsExpected, runsCommitted, runsFailed } = outcomeOf(end);
  output.say();
  for (const line of resultLines(results, style)) output.say(line);
  output.say();
  for (const line of checkLines(report, style)) output.say(line);
  output.say();
  const answer = demoAnswer(results);
  if (answer !== null) output.say(style.bold(answer));
  output.say(`${runsCommitted} of ${runsExpected} runs committed, ${runsFailed} failed, in ${duration(seconds)}`);
  if (flags.reportFile === "-") process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (flags.reportFile !== null) writeFileSync(flags.reportFile, `${JSON.stringify(report, null, 2)}\n`);
  if (runsCommitted < runsExpected) {
    output.say(style.red(`${runsExpected - runsCommitted} runs were lost: basin sweep show ${end.id}`));
    process.exitCode = exitCodes.runsLost;
  }
  return url;
}

/** `basin demo`. The exit code is 1 when a run was lost, whatever the checks on the physics say. */
export async function demo(flags: DemoFlags): Promise<void> {
  const output = new Output(flags.reportFile === "-");
  await atPlace("basin demo", { web: true, keep: flags.keep }, output, async (place, interruption) => {
    const url = await runDemo(place, flags, output, interruption);
    if (interruption.signal.aborted) return;
    if (place.own === null || flags.keep) {
      if (url !== null) output.say(`See it in the dashboard: ${styleFor(output.people).cyan(url)}`);
    } else output.say("The stack stops; the sweep is kept: npm start shows it again.");
  });
}
