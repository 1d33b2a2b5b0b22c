import { buildName, issuesOf, RunId, stateWord } from "@basin/contracts";
import { basinAt, call } from "../api-calls";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readLock } from "@basin/stack";
import { experimentLines } from "../catalog-view";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { resultLines } from "../results-view";
import { apiOrigin, readSettings } from "../settings";
import { confirmed } from "../terminal/confirm";
import { figure, parameterText } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { sweepId, type JsonFlag } from "./sweep";

/** Throws CommandFailed for text that is no run id, before anything is asked. */
function runId(text: string): RunId {
  const parsed = RunId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new CommandFailed(exitCodes.badInput, `"${text}" is no run: ${issuesOf(parsed.error)[0]?.message ?? ""}`);
}

/** Names and values in alphabetical order, one a line. */
function pairLines(title: string, pairs: [string, string][], titleStyle: (text: string) => string): string[] {
  const columns = [{ title }, { title: "value", align: "right" as const }];
  return tableLines(
    columns,
    pairs.sort(([a], [b]) => (a < b ? -1 : 1)),
    { titleStyle },
  );
}

export async function runShow(id: string, flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const run = await call(apiOrigin(), "getRun", { params: { run: runId(id) } });
  const { bold, dim } = styleFor(output.people);
  output.result(run, () => [
    `${bold(run.id)}  ${stateWord(run.state)}${run.reason === null ? "" : `: ${run.reason}`}`,
    ...(run.outcome === "none" ? [] : [`  criterion   ${run.outcome}`]),
    `  seed        ${run.seed}`,
    "",
    ...pairLines(
      "parameter",
      Object.entries(run.parameters).map(([name, value]) => [name, parameterText(value)]),
      dim,
    ),
    "",
    ...(Object.keys(run.metrics).length === 0
      ? ["No figures yet."]
      : pairLines(
          "final figure",
          Object.entries(run.metrics).map(([name, value]) => [name, figure(value, 6)]),
          dim,
        )),
    "",
    ...tableLines(
      [
        { title: "attempt", align: "right" },
        { title: "state" },
        { title: "trainer" },
        { title: "build" },
        { title: "pack", align: "right" },
        { title: "resumed at", align: "right" },
        { title: "reason" },
      ],
      run.attempts.map((attempt) => [
        String(attempt.number),
        stateWord(attempt.state),
        attempt.trainer,
        buildName(attempt.build),
        String(attempt.packWidth),
        attempt.resumedFromStep === null ? "start" : String(attempt.resumedFromStep),
        attempt.reason ?? "",
      ]),
      { titleStyle: dim },
    ),
    ...(run.artifacts.length === 0
      ? []
      : ["", ...run.artifacts.map((artifact) => `  ${artifact.name}  ${artifact.bytes} bytes  ${dim(artifact.id)}`)]),
  ]);
}

export async function results(
  id: string,
  flags: JsonFlag & { groupBy?: string; sort: "objective" | "index"; limit: number },
): Promise<void> {
  const output = new Output(flags.json ?? false);
  const groupBy = flags.groupBy?.split(",").map((name) => name.trim());
  const answer = await call(apiOrigin(), "getResults", {
    params: { sweep: sweepId(id) },
    query: { sort: flags.sort, limit: flags.limit, ...(groupBy ? { groupBy } : {}) },
  });
  output.result(answer, () => resultLines(answer, styleFor(output.people)));
}

/** Where a file is written until it is whole. Throws CommandFailed when it cannot be. */
async function openPart(path: string): Promise<WriteStream> {
  const stream = createWriteStream(`${path}.part`);
  try {
    await once(stream, "open");
  } catch (error) {
    throw new CommandFailed(exitCodes.badInput, `-o ${path} cannot be written: ${(error as Error).message}`);
  }
  return stream;
}

export async function exportSweep(
  id: string,
  flags: { format: "csv" | "ndjson" | "parquet"; what: "runs" | "metrics"; output?: string },
): Promise<void> {
  const origin = apiOrigin();
  const sweep = sweepId(id);
  // Asked first for its errors: they come as JSON with the status that matches.
  await call(origin, "getSweep", { params: { sweep } });
  const file = flags.output === undefined || flags.output === "-" ? null : flags.output;
  const to = file === null ? process.stdout : await openPart(file);
  const query = { format: flags.format, what: flags.what };
  const { body } = await basinAt(origin).download("exportSweep", { params: { sweep }, query });
  if (!body) throw new CommandFailed(exitCodes.unavailable, "the export was answered with nothing");
  try {
    await pipeline(Readable.fromWeb(body as import("node:stream/web").ReadableStream), to, {
      end: to !== process.stdout,
    });
    if (file !== null) await rename(`${file}.part`, file);
  } catch (error) {
    // The reader had enough (`| head`).
    if (file === null && (error as NodeJS.ErrnoException).code === "EPIPE") return;
    if (file !== null) await rm(`${file}.part`, { force: true });
    throw new CommandFailed(exitCodes.unavailable, `the export broke off: ${(error as Error).message}`);
  }
}

export async function trainers(flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { items, build: own } = await call(apiOrigin(), "listTrainers", { query: {} });
  output.result(items, () => {
    if (items.length === 0) return ["No trainer has registered."];
    const rows = items.map((trainer) => [
      trainer.name,
      trainer.state,
      trainer.pool,
      trainer.backend,
      String(trainer.slots),
      String(trainer.runningRuns),
      trainer.build,
      trainer.host,
      trainer.lastSignAt.slice(11, 19),
      trainer.id,
    ]);
    const right = "right" as const;
    const columns = [
      { title: "name" },
      { title: "state" },
      { title: "pool" },
      { title: "backend" },
      { title: "slots", align: right },
      { title: "runs", align: right },
      { title: "build" },
      { title: "host" },
      { title: "last sign" },
      { title: "id" },
    ];
    const others = [...new Set(items.filter(({ state }) => state !== "offline").map(({ build }) => build))];
    const mixed = others.length > 1 || (own !== null && others.some((build) => !build.startsWith(own)));
    return [
      ...tableLines(columns, rows, { titleStyle: styleFor(output.people).dim }),
      ...items.flatMap(({ name, state, waits }) =>
        waits === null || state !== "online" ? [] : [`${name} takes no pack: ${waits}`],
      ),
      ...(mixed
        ? [
            `Each sweep is trained by one build.${own === null ? "" : ` The control plane is of build ${own}: trainers of another are older or newer.`}`,
          ]
        : []),
    ];
  });
}

/** A trainer by its id, or by its name where one trainer alone has it. */
export async function drain(
  text: string,
  route: "drainTrainer" | "undrainTrainer",
  flags: JsonFlag & { yes?: boolean },
): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { items } = await call(apiOrigin(), "listTrainers", { query: {} });
  const named = items.filter(({ id, name }) => id === text || name === text);
  const [only] = named;
  if (!only || named.length > 1) {
    const ids = named.map(({ id }) => id).join(", ");
    throw new CommandFailed(
      exitCodes.badInput,
      only
        ? `${named.length} trainers are named ${text}: take one of the ids ${ids}`
        : `there is no trainer ${text}: see basin trainers`,
    );
  }
  if (route === "drainTrainer") {
    const question = `${only.name} hands ${only.runningRuns} runs back and takes no more until it is undrained. Drain it?`;
    await confirmed(question, flags);
  }
  const trainer = await call(apiOrigin(), route, { params: { trainer: only.id } });
  output.result(trainer, () => [`${trainer.name} is ${trainer.state}`]);
}

/** Runs of one sweep, all of them or none. */
export async function actOnRuns(
  texts: readonly string[],
  route: "retryRuns" | "cancelRuns",
  flags: JsonFlag & { yes?: boolean },
): Promise<void> {
  const output = new Output(flags.json ?? false);
  const runs = texts.map((text) => runId(text));
  const sweeps = [...new Set(runs.map((run) => run.split("-")[0]))];
  if (sweeps.length !== 1)
    throw new CommandFailed(exitCodes.badInput, `runs of one sweep at a time; these are of ${sweeps.join(", ")}`);
  if (route === "cancelRuns")
    await confirmed(`Stop ${runs.length === 1 ? "this run" : `these ${runs.length} runs`} for good?`, flags);
  const outcome = await call(apiOrigin(), route, { params: { sweep: sweepId(sweeps[0] ?? "") }, body: { runs } });
  output.result(outcome, () => [
    `${route === "retryRuns" ? "given a fresh retry budget" : "stopped"}: ${outcome.changed}; unchanged, because their state does not allow it: ${outcome.unchanged}`,
  ]);
}

export async function catalog(experiment: string | undefined, flags: JsonFlag & { all?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { dim } = styleFor(output.people);
  if (experiment !== undefined) {
    const found = await call(apiOrigin(), "getExperiment", { params: { experiment } });
    output.result(found, () => experimentLines(found, styleFor(output.people), output.people.columns));
    return;
  }
  const answer = await call(apiOrigin(), "getCatalog", { query: { diagnostic: flags.all ?? false } });
  output.result(answer, () => [
    ...tableLines(
      [{ title: "experiment" }, { title: "family" }, { title: "what" }],
      answer.experiments.map((found) => [found.id, found.family, found.summary]),
      { titleStyle: dim },
    ),
    "",
    ...tableLines(
      [{ title: "search" }, { title: "what" }],
      answer.searchAlgorithms.map((found) => [found.id, found.summary]),
      { titleStyle: dim },
    ),
  ]);
}

export async function status(flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const origin = apiOrigin();
  const settings = readSettings();
  const lock = readLock(settings.dataDirectory);
  const [running, trainerList, dead] = await Promise.all([
    call(origin, "listSweeps", { query: { state: ["running", "paused"], limit: 100 } }),
    call(origin, "listTrainers", { query: {} }),
    call(origin, "listDeadLetters", { query: { limit: 1 } }),
  ]);
  const online = trainerList.items.filter((trainer) => trainer.state !== "offline");
  const value = {
    api: origin,
    web: lock?.urls?.web ?? null,
    stack: lock ? { pid: lock.holder.pid, since: lock.startedAt, dataDirectory: settings.dataDirectory } : null,
    trainers: online.length,
    runningRuns: online.reduce((sum, trainer) => sum + trainer.runningRuns, 0),
    unfinishedSweeps: running.items.map((sweep) => ({ id: sweep.id, name: sweep.name, state: sweep.state })),
    deadLetters: dead.total,
  };
  output.result(value, () => [
    `API        ${origin}`,
    ...(value.web === null ? [] : [`dashboard  ${value.web}`]),
    ...(lock ? [`stack      process ${lock.holder.pid} since ${lock.startedAt}, data in ${settings.dataDirectory}`] : []),
    `trainers   ${online.length} (${online.map((trainer) => `${trainer.name}: ${trainer.backend}, ${trainer.runningRuns} runs`).join("; ") || "none"})`,
    `sweeps     ${running.items.length} unfinished${running.items.length > 0 ? `: ${running.items.map((sweep) => `${sweep.id} ${sweep.state}`).join(", ")}` : ""}`,
    `dead letters  ${dead.total}`,
  ]);
}
