import {
  type Catalog,
  closestName,
  completeSeeds,
  completeSpace,
  type ExperimentDescriptor,
  type Issue,
  issuesOf,
  SweepRequest,
  SubmittedSpec,
  messageOf,
} from "@basin/contracts";
import { Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import { isJson } from "../catalog/schema-fields";
import { fieldAt, filledSpec, optionsOf } from "./spec-fields";
import { pathSegments } from "./spec-path";

type Json = Readonly<Record<string, unknown>>;

export type SpecFormat = "yaml" | "json";

/** An issue of a spec's text; the line counts from 1. */
export interface LineIssue extends Issue {
  line: number;
}

/** A spec as text. Lists of plain values stay on one line each. */
export function writeSpec(spec: object, format: SpecFormat): string {
  if (format === "json") return `${JSON.stringify(spec, null, 2)}\n`;
  const document = new Document(spec);
  visit(document, {
    Seq(_key, seq) {
      if (seq.items.every((item) => isScalar(item) || (isSeq(item) && item.items.every(isScalar)))) seq.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The line of what a path names (`space.learningRate.values[1]`), or of the nearest thing around it that is there. */
function lineOf(document: ReturnType<typeof parseDocument>, counter: LineCounter, path: string): number {
  const find = (segments: readonly string[]): { depth: number; offset: number | undefined } => {
    let node: unknown = document.contents;
    let offset: number | undefined;
    let depth = 0;
    for (const segment of segments) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
        if (!pair) break;
        offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
        node = pair.value;
      } else if (isSeq(node)) {
        const item = node.items[Number(segment)];
        if (!isNode(item)) break;
        offset = item.range?.[0];
        node = item;
      } else break;
      depth += 1;
    }
    return { depth, offset };
  };
  const segments = pathSegments(path);
  const [plain, below] = [find(segments), find(["space", ...segments])];
  // Rules across parameters speak of the configuration, which is what is below `space`.
  const { offset } = plain.depth === 0 && below.depth > 1 ? below : plain;
  return offset === undefined ? 1 : counter.linePos(offset).line;
}

/** Issues with the lines of the text that they are about. */
export function locateIssues(text: string, issues: readonly Issue[]): LineIssue[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  return issues.map((issue) => ({ ...issue, line: lineOf(document, counter, issue.path) })).sort((a, b) => a.line - b.line);
}

/** What of a spec's search the form cannot hold: an algorithm or options that do not exist. */
function unknownSearch(catalog: Catalog, { search }: SubmittedSpec): Issue[] {
  const { searchAlgorithms } = catalog;
  if (searchAlgorithms.some(({ id }) => id === search.algorithm)) {
    const options = optionsOf(catalog, search.algorithm).map(({ name }) => name);
    return unknownNames(Object.keys(search.config), options, "search.config", `${search.algorithm} search has no option`);
  }
  const ids = searchAlgorithms.map(({ id }) => id);
  const hint = meant(search.algorithm, ids) ?? `there are ${ids.join(", ")}`;
  return [{ path: "search.algorithm", message: `there is no search algorithm "${search.algorithm}"`, hint }];
}

function unknownNames(names: readonly string[], known: readonly string[], path: string, what: string): Issue[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: `${path}.${name}`,
      message: `${what} "${name}"`,
      hint: meant(name, known) ?? (known.length === 0 ? "it has none" : `it has ${known.join(", ")}`),
    }));
}

function meant(name: string, known: readonly string[]): string | null {
  const near = closestName(name, known);
  return near === null ? null : `did you mean "${near}"?`;
}

/** JSON Schemas of an experiment's parameters. */
function propertiesOf({ parameters }: ExperimentDescriptor): Json {
  const { properties } = parameters;
  return isJson(properties) ? properties : {};
}

/** A spec in its whole form, whatever is wrong in it: short forms are written out and the defaults of what is left out are filled in. */
function wholeSpec(value: Json, experiment: ExperimentDescriptor): Json {
  const { space, seeds } = value;
  return {
    ...filledSpec(experiment.id),
    ...value,
    ...(isJson(space) ? { space: completeSpace(space, propertiesOf(experiment)) } : {}),
    ...(seeds === undefined ? {} : { seeds: completeSeeds(seeds) }),
  };
}

/** What a text says. `spec` is null where the form cannot hold it; where it can, each issue is at a field of the form. */
interface ReadSpec {
  spec: Json | null;
  issues: LineIssue[];
}

/** Reads a spec from YAML or JSON (which YAML contains). What is wrong comes with its line. */
export function readSpec(text: string, catalog: Catalog): ReadSpec {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const faults = document.errors.map((error) => ({
    path: "",
    message: (error.message.split(/ at line \d+/)[0] ?? error.message).trim(),
    line: error.linePos?.[0].line ?? counter.linePos(error.pos[0]).line,
  }));
  if (faults.length > 0) return { spec: null, issues: faults };
  const located = (issues: readonly Issue[], spec: Json | null = null) => ({
    spec,
    issues: issues.map((issue) => ({ ...issue, line: lineOf(document, counter, issue.path) })).sort((a, b) => a.line - b.line),
  });
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    return located([{ path: "", message: messageOf(error) }]);
  }
  if (!isJson(value)) return located([{ path: "", message: "a sweep is a list of fields, of which experiment is needed" }]);
  const id = value.experiment;
  const experiment = catalog.experiments.find((each) => each.id === id);
  if (!experiment) {
    const request = SweepRequest.safeParse(value);
    if (!request.success) return located(issuesOf(request.error));
    const ids = catalog.experiments.map((each) => each.id);
    const hint = meant(request.data.experiment, ids) ?? `there are ${ids.join(", ")}`;
    return located([{ path: "experiment", message: `there is no experiment "${request.data.experiment}"`, hint }]);
  }
  const spec = wholeSpec(value, experiment);
  const names = isJson(spec.space) ? Object.keys(spec.space) : [];
  const strange = unknownNames(names, Object.keys(propertiesOf(experiment)), "space", `${experiment.id} has no parameter`);
  if (strange.length > 0) return located(strange);
  const parsed = SubmittedSpec.safeParse(spec);
  if (parsed.success) {
    const unknown = unknownSearch(catalog, parsed.data);
    return located(unknown, unknown.length > 0 ? null : parsed.data);
  }
  const issues = issuesOf(parsed.error);
  return located(issues, issues.every(({ path }) => fieldAt(catalog, spec, path) !== null) ? spec : null);
}
