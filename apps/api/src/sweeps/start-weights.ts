import {
  ArtifactId,
  partsOfRunId,
  readSafetensorsHeader,
  RunId,
  safetensorsHeaderBytes,
  startReferenceOf,
  startText,
  type DimensionRequest,
  type Issue,
  type SweepId,
  type SweepRequest,
} from "@basin/contracts";
import { listArtifacts, readArtifact, readArtifactBytes, type Database } from "@basin/database";
import { checkStarts, findExperiment, startParameter, startsOf, type WeightsMetadata } from "@basin/problems";
import { shapesOfDatasets } from "../datasets/dataset-shapes";
import { InputError } from "../http/request-errors";
import type { SweepPlan } from "../scheduler/sweep-commands";
import { mapTexts } from "./dataset-names";

/** Whether the weights of a sweep's runs are there for who asks. */
type SeesSweep = (sweep: SweepId) => Promise<boolean>;

/**
 * A request in which weights to start from are named by their run and their artifact: a person may write either alone. Throws InputError for what names
 * no weights.
 */
export async function withStarts(database: Database, request: SweepRequest, sees: SeesSweep): Promise<SweepRequest> {
  const dimension = request.space[startParameter];
  const parameters = findExperiment(request.experiment)?.parameters.shape;
  if (dimension === undefined || !parameters || !(startParameter in parameters)) return request;
  const texts = new Map<string, string>();
  mapTexts(dimension, `space.${startParameter}`, (text, path) => {
    if (text !== "") texts.set(path, text);
    return text;
  });
  const whole = new Map<string, string>();
  const issues: Issue[] = [];
  for (const [path, text] of texts) {
    const found = whole.get(text) ?? (await weightsNamed(database, text.trim(), sees));
    if (typeof found === "string") whole.set(text, found);
    else issues.push({ path, ...found });
  }
  if (issues.length > 0) throw new InputError(issues);
  const named = mapTexts(dimension, "", (text) => whole.get(text) ?? text);
  return { ...request, space: { ...request.space, [startParameter]: named as DimensionRequest } };
}

/** The whole name of weights, or what is wrong with the text. */
async function weightsNamed(
  database: Database,
  text: string,
  sees: SeesSweep,
): Promise<string | Pick<Issue, "message" | "hint">> {
  const shown = `"${text.slice(0, 80)}"`;
  const run = RunId.safeParse(text);
  const id = ArtifactId.safeParse(startReferenceOf(text)?.artifact ?? text);
  const hint = "name a finished run, as its page does, or its artifact of the kind weights";
  if (run.success) {
    const seen = await sees(partsOfRunId(run.data).sweep);
    const weights = (seen ? await listArtifacts(database, run.data) : []).find(({ kind }) => kind === "weights");
    return weights ? startText({ run: weights.run, artifact: weights.id }) : { message: `the run ${shown} has no weights`, hint };
  }
  if (!id.success) return { message: `${shown} names neither a run nor an artifact`, hint };
  const artifact = await readArtifact(database, id.data);
  if (!artifact || !(await sees(partsOfRunId(artifact.run).sweep))) return { message: `there is no artifact ${shown}`, hint };
  if (artifact.kind !== "weights") return { message: `the artifact ${shown} is no weights but ${artifact.name}`, hint };
  return startText({ run: artifact.run, artifact: artifact.id });
}

/** Throws InputError for a sweep whose networks have other layers than the weights that they are to start from. */
export async function checkStartWeights(
  database: Database,
  { definition, spec }: Pick<SweepPlan, "definition" | "spec">,
): Promise<void> {
  const texts = startsOf(definition, spec.space);
  if (texts.length === 0) return;
  const weights = new Map<string, WeightsMetadata>();
  for (const text of texts) {
    const reference = startReferenceOf(text);
    const metadata = reference && (await metadataOf(database, reference.artifact));
    if (metadata) weights.set(text, metadata);
  }
  const issues = checkStarts(definition, spec.space, await shapesOfDatasets(database, definition, spec.space), weights);
  if (issues.length > 0) throw new InputError(issues);
}

async function metadataOf(database: Database, id: ArtifactId): Promise<WeightsMetadata | null> {
  const artifact = await readArtifact(database, id);
  const start = artifact && (await readArtifactBytes(database, id, 0, 8));
  if (!start) return null;
  const header = await readArtifactBytes(database, id, 0, safetensorsHeaderBytes(start, artifact.bytes));
  return header && readSafetensorsHeader(header, artifact.bytes).metadata;
}
