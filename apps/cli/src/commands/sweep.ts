import { isDeepStrictEqual } from "node:util";
import {
  buildName,
  ContinueSweep,
  issuesOf,
  SweepId,
  SweepPatch,
  SweepState,
  type SweepCommand,
  type Sweep,
  type SweepPreview,
} from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { resultLines } from "../results-view";
import { apiOrigin, dashboardOrigin } from "../settings";
import { applySetting, checkedSweep, readStdin, readSweep } from "../sweep-file";
import { confirmed } from "../terminal/confirm";
import { figure, parameterText, percent } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { waitingText } from "../waiting-text";
import { watchSweep } from "../watch/watch-sweep";

export interface JsonFlag {
  json?: boolean;
}

/** Throws CommandFailed for text that is no sweep id, before anything is asked. */
export function sweepId(text: string): SweepId {
  const parsed = SweepId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new CommandFailed(
    exitCodes.badInput,
    `"${text}" is no sweep: ${issuesOf(parsed.error)[0]?.message ?? "see basin sweep list"}`,
  );
}

function sweepUrl(sweep: Sweep): string | null {
  const origin = dashboardOrigin();
  return origin === null ? null : `${origin}/sweeps/${sweep.id}`;
}

const finished = ({ counts }: Sweep): number =>
  counts.succeeded + counts.diverged + counts.failed + counts.cancelled + counts.pruned;

function seedsText({ seedCount, spec: { initializations } }: Sweep): string {
  if (!initializations) return `${seedCount} initializations per configuration`;
  const { min, max = min, race, heldOut } = initializations;
  return `a race (${race}) for ${min} to ${max} initializations per configuration, ${heldOut} more held out for the winner`;
}

function sweepLines(sweep: Sweep, output: Output): string[] {
  const { bold, dim, yellow } = styleFor(output.people);
  const { counts, build, earlierBuilds } = sweep;
  const waits = sweep.parked ?? waitingText(sweep);
  const url = sweepUrl(sweep);
  return [
    `${bold(sweep.name)}  ${dim(sweep.id)}  ${sweep.state}`,
    `  experiment  ${sweep.spec.experiment}, ${sweep.spec.search.algorithm} search, ${seedsText(sweep)}`,
    `  trials      ${sweep.trialsCreated} of ${sweep.trialsPlanned ?? "an open number"}`,
    `  runs        ${finished(sweep)} of ${counts.planned ?? "?"} ended: ${counts.succeeded} finished, ${counts.diverged} diverged, ${counts.failed} failed, ${counts.cancelled} cancelled, ${counts.pruned} pruned; ${counts.running} running, ${counts.queued} queued, ${counts.pending} pending`,
    ...(sweep.success === null || sweep.success.of === 0
      ? []
      : [`  success     ${sweep.success.met} of ${sweep.success.of} runs that ended by themselves met the criterion`]),
    `  build       ${build === null ? "none yet" : buildName(build)}${earlierBuilds.length === 0 ? "" : `, before it ${earlierBuilds.map(buildName).join(", ")}`}`,
    `  best        ${sweep.best ? `${sweep.objective.metric} ${figure(sweep.best.value)} (${sweep.best.run})` : "none yet"}`,
    ...(url === null ? [] : [`  dashboard   ${url}`]),
    ...(sweep.archivedAt === null ? [] : [`  archived    since ${sweep.archivedAt.slice(0, 10)}`]),
    ...(sweep.binnedUntil === null
      ? []
      : [yellow(`  in the bin  until ${sweep.binnedUntil.slice(0, 10)}: basin sweep restore ${sweep.id}`)]),
    ...(waits === null ? [] : [yellow(`  waits       ${waits}`)]),
  ];
}

function warningLines({ warnings }: SweepPreview, output: Output): string[] {
  const { yellow } = styleFor(output.people);
  return warnings.map(({ path, message, hint }) => yellow(`! ${path}: ${message}${hint === undefined ? "" : ` (${hint})`}`));
}

function previewLines(preview: SweepPreview, output: Output): string[] {
  const names = Object.keys(preview.sample[0] ?? {}).filter(
    (name) => new Set(preview.sample.map((configuration) => JSON.stringify(configuration[name]))).size > 1,
  );
  const rows = preview.sample.map((configuration) => names.map((name) => parameterText(configuration[name])));
  return [
    `${preview.trials ?? "an open number of"} configurations × ${preview.seeds} initializations = ${preview.runs ?? "?"} runs; ${preview.objective.direction} ${preview.objective.metric}`,
    ...(preview.explanation === null ? [] : [preview.explanation]),
    ...(names.length === 0
      ? []
      : tableLines(
          names.map((title) => ({ title, align: "right" as const })),
          rows,
        )),
    ...(preview.trials !== null && preview.trials > preview.sample.length ? ["…"] : []),
    ...warningLines(preview, output),
  ];
}

/** 1 when runs failed or are missing from a completed sweep; diverged and cancelled runs are results. */
export function sweepExitCode(sweep: Sweep): number {
  const { counts } = sweep;
  const missing = sweep.state === "completed" && counts.planned !== null && finished(sweep) < counts.planned;
  return counts.failed > 0 || missing ? exitCodes.runsLost : exitCodes.ok;
}

async function watchToTheEnd(sweep: Sweep, output: Output): Promise<void> {
  const origin = apiOrigin();
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const end = await watchSweep(origin, sweep.id, output, interrupted.signal);
  if (interrupted.signal.aborted) {
    output.say(`The sweep goes on without this window: basin sweep watch ${sweep.id}`);
    process.exitCode = exitCodes.interrupted;
    return;
  }
  const results = await call(origin, "getResults", { params: { sweep: sweep.id }, query: {} });
  output.say();
  output.result({ sweep: end, results }, () => [
    ...resultLines(results, styleFor(output.people)),
    "",
    ...sweepLines(end, output),
  ]);
  process.exitCode = sweepExitCode(end);
}

export async function submit(
  file: string,
  flags: JsonFlag & { watch?: boolean; dryRun?: boolean; set: string[] },
): Promise<void> {
  const output = new Output(flags.json ?? false);
  const body = await readSweep(file, flags.set);
  const preview = await call(apiOrigin(), "previewSweep", { body });
  if (flags.dryRun) {
    output.result(preview, () => previewLines(preview, output));
    return;
  }
  for (const line of warningLines(preview, output)) output.say(line);
  const sweep = await call(apiOrigin(), "createSweep", { body });
  if (flags.watch) {
    output.say(`Submitted ${sweep.name} (${sweep.id})`);
    await watchToTheEnd(sweep, output);
    return;
  }
  output.result(sweep, () => sweepLines(sweep, output));
}

export async function watch(id: string, flags: JsonFlag): Promise<void> {
  const sweep = await call(apiOrigin(), "getSweep", { params: { sweep: sweepId(id) } });
  await watchToTheEnd(sweep, new Output(flags.json ?? false));
}

export async function list(
  flags: JsonFlag & { state?: string; search?: string; archived?: boolean; limit: number },
): Promise<void> {
  const output = new Output(flags.json ?? false);
  const states = flags.state?.split(",").map((text) => {
    const state = SweepState.safeParse(text);
    if (!state.success)
      throw new CommandFailed(exitCodes.badInput, `--state ${text}: choose from ${SweepState.options.join(", ")}`);
    return state.data;
  });
  const page = await call(apiOrigin(), "listSweeps", {
    query: {
      limit: flags.limit,
      ...(states ? { state: states } : {}),
      ...(flags.search === undefined ? {} : { search: flags.search }),
      ...(flags.archived === true ? { archived: true } : {}),
    },
  });
  output.result(page, () => {
    if (page.items.length === 0 && flags.archived === true) return ["No archived sweep."];
    if (page.items.length === 0) return ["No sweeps. Submit one: basin sweep submit FILE, or run the demo: npm run demo"];
    const right = "right" as const;
    const rows = page.items.map((sweep) => [
      sweep.id,
      sweep.state,
      sweep.name,
      sweep.spec.experiment,
      `${finished(sweep)}/${sweep.counts.planned ?? "?"}`,
      sweep.counts.planned === null || sweep.counts.planned === 0 ? "" : percent(finished(sweep) / sweep.counts.planned),
      sweep.counts.failed > 0 ? String(sweep.counts.failed) : "",
      sweep.best ? `${figure(sweep.best.value)} ${sweep.objective.metric}` : "",
      sweep.createdAt.slice(0, 16).replace("T", " "),
    ]);
    const columns = [
      { title: "id" },
      { title: "state" },
      { title: "name" },
      { title: "experiment" },
      { title: "runs", align: right },
      { title: "done", align: right },
      { title: "failed", align: right },
      { title: "best", align: right },
      { title: "created (UTC)" },
    ];
    return [
      ...tableLines(columns, rows, { titleStyle: styleFor(output.people).dim }),
      ...(page.next === null ? [] : ["… more: --limit"]),
    ];
  });
}

export async function show(id: string, flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const sweep = await call(apiOrigin(), "getSweep", { params: { sweep: sweepId(id) } });
  output.result(sweep, () => sweepLines(sweep, output));
}

export async function act(action: SweepCommand, id: string, flags: JsonFlag & { yes?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  if (action === "deleteSweep") {
    const { name, counts } = await call(apiOrigin(), "getSweep", { params: { sweep: sweepId(id) } });
    const trained = counts.succeeded + counts.diverged + counts.failed;
    await confirmed(`Put ${name} (${id}) with its ${trained} trained runs into the bin?`, flags);
  }
  if (action === "cancelSweep") {
    const before = await call(apiOrigin(), "getSweep", { params: { sweep: sweepId(id) } });
    const { planned } = before.counts;
    const unfinished = planned === null ? "" : `${planned - finished(before)} `;
    await confirmed(`Stop the ${unfinished}unfinished runs of ${before.name} (${before.id}) for good?`, flags);
  }
  const sweep = await call(apiOrigin(), action, { params: { sweep: sweepId(id) } });
  output.result(sweep, () => sweepLines(sweep, output));
}

/** Name, tags and notes; `notes` of - is read from standard input. */
export async function edit(id: string, flags: JsonFlag & { name?: string; tag?: string[]; notes?: string }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const notes = flags.notes === "-" ? await readStdin() : flags.notes;
  const given = { name: flags.name, tags: flags.tag, notes };
  const body = SweepPatch.safeParse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  if (!body.success) {
    const lines = issuesOf(body.error).map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
    throw new CommandFailed(exitCodes.badInput, "nothing to change: give --name, --tag or --notes", lines);
  }
  const sweep = await call(apiOrigin(), "patchSweep", { params: { sweep: sweepId(id) }, body: body.data });
  output.result(sweep, () => sweepLines(sweep, output));
}

/** `build` left out: the only other one whose trainers are there. */
export async function continueOn(id: string, flags: JsonFlag & { build?: string }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const body = ContinueSweep.safeParse(flags.build === undefined ? {} : { build: flags.build });
  if (!body.success) {
    throw new CommandFailed(
      exitCodes.badInput,
      `--build ${flags.build ?? ""}: ${issuesOf(body.error)[0]?.message ?? "is no build"}`,
    );
  }
  const sweep = await call(apiOrigin(), "continueSweep", { params: { sweep: sweepId(id) }, body: body.data });
  output.result(sweep, () => sweepLines(sweep, output));
}

export async function extend(id: string, flags: JsonFlag & { seeds?: number; trials?: number }): Promise<void> {
  const output = new Output(flags.json ?? false);
  if (flags.seeds === undefined && flags.trials === undefined) {
    throw new CommandFailed(
      exitCodes.badInput,
      "say how much to extend: --seeds N (more initializations per configuration), --trials N, or both",
    );
  }
  const body = {
    ...(flags.seeds === undefined ? {} : { seeds: flags.seeds }),
    ...(flags.trials === undefined ? {} : { trials: flags.trials }),
  };
  const sweep = await call(apiOrigin(), "extendSweep", { params: { sweep: sweepId(id) }, body });
  output.result(sweep, () => sweepLines(sweep, output));
}

export async function clone(id: string, flags: JsonFlag & { set: string[]; watch?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const original = await call(apiOrigin(), "getSweep", { params: { sweep: sweepId(id) } });
  const spec: Record<string, unknown> = structuredClone(original.spec);
  for (const setting of flags.set) applySetting(spec, setting);
  const changed = Object.entries(checkedSweep(spec, "the changed sweep")).filter(
    ([key, value]) => !isDeepStrictEqual(value, original.spec[key as keyof typeof original.spec]),
  );
  const body = { changes: Object.fromEntries(changed) };
  const sweep = await call(apiOrigin(), "cloneSweep", { params: { sweep: original.id }, body });
  if (flags.watch) await watchToTheEnd(sweep, output);
  else output.result(sweep, () => sweepLines(sweep, output));
}
