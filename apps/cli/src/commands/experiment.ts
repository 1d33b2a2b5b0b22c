import { ExternalExperiment, experimentIdOf, issuesOf } from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { readStructured } from "../sweep-file";
import { tableLines } from "../terminal/table";
import type { JsonFlag } from "./sweep";

/** Registers the experiment that a file of YAML or JSON describes. Its id stands in the file, or behind `--id`. */
export async function add(file: string, flags: JsonFlag & { id?: string }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { value, origin } = await readStructured(file, "experiment", "parameters, metrics and objective");
  const { id = flags.id, ...descriptor } = value;
  if (typeof id !== "string")
    throw new CommandFailed(exitCodes.badInput, `${origin} names no id`, ["write id: my-experiment at its top, or give --id"]);
  const parsed = ExternalExperiment.safeParse(descriptor);
  if (!parsed.success) {
    const lines = issuesOf(parsed.error).map((issue) => `${issue.path === "" ? "experiment" : issue.path}: ${issue.message}`);
    throw new CommandFailed(exitCodes.badInput, `${origin} is not a valid experiment`, lines);
  }
  const added = await call(apiOrigin(), "putExperiment", { params: { experiment: flags.id ?? id }, body: parsed.data });
  output.result(added, () => [
    `${added.ref ?? added.id}, version ${added.version}: ${added.title}`,
    "",
    `Submit a sweep of it:  experiment: ${added.id}`,
    "Then train its runs:   basin agent SWEEP -- ./train.sh",
  ]);
}

export async function versions(experiment: string, flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const { items } = await call(apiOrigin(), "listExperimentVersions", { params: { experiment: experimentIdOf(experiment) } });
  output.result(items, () =>
    tableLines(
      [{ title: "version", align: "right" }, { title: "reference" }, { title: "by" }, { title: "first registered" }],
      items.map((one) => [`${one.version}${one.newest ? " (newest)" : ""}`, one.ref, one.owner, one.createdAt]),
    ),
  );
}
