import { closestName, type DimensionRequest, type Issue, type SweepRequest } from "@basin/contracts";
import { datasetNames, findDatasets, type Database } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { InputError } from "../http/request-errors";

/** The parameters of experiments on datasets that name one. */
const parameters = ["dataset", "referenceDataset"] as const;
const wholeId = /^[0-9a-f]{64}$/;
/** Fewer digits would soon name several. */
const prefixOfId = /^[0-9a-f]{4,63}$/i;

/**
 * A request in which datasets are named by their ids alone: beside a whole id a person may write its first digits, 4 or more, or the name of the
 * file, of those that a project has, or of all. Throws InputError for what names none or several.
 */
export async function withDatasetIds(database: Database, request: SweepRequest, project: string | null): Promise<SweepRequest> {
  if (!findExperiment(request.experiment)?.datasets) return request;
  const given = parameters.flatMap((name) => {
    const dimension = request.space[name];
    return dimension === undefined ? [] : [{ name, dimension }];
  });
  const texts = new Map<string, string>();
  for (const { name, dimension } of given)
    mapTexts(dimension, `space.${name}`, (text, path) => {
      if (text !== "" && !wholeId.test(text)) texts.set(path, text);
      return text;
    });
  if (texts.size === 0) return request;
  const wanted = [...new Set(texts.values())];
  const prefixes = wanted.filter((text) => prefixOfId.test(text)).map((text) => text.toLowerCase());
  const found = await findDatasets(database, project, { names: wanted, prefixes });
  const named = (text: string): typeof found =>
    found.filter(({ id, name }) => name === text || (prefixOfId.test(text) && id.startsWith(text.toLowerCase())));
  const issues = await issuesOfNames(texts, named, () => datasetNames(database, project));
  if (issues.length > 0) throw new InputError(issues);
  const whole = given.map(({ name, dimension }) => {
    const ids = mapTexts(dimension, `space.${name}`, (text) => named(text)[0]?.id ?? text);
    return [name, ids as DimensionRequest] as const;
  });
  return { ...request, space: { ...request.space, ...Object.fromEntries(whole) } };
}

async function issuesOfNames(
  texts: ReadonlyMap<string, string>,
  named: (text: string) => readonly { id: string; name: string; createdAt: string }[],
  allNames: () => Promise<string[]>,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const [path, text] of texts) {
    const found = named(text);
    if (found.length === 1) continue;
    if (found.length > 1) {
      const list = found
        .slice(0, 5)
        .map(({ id, name, createdAt }) => `${id.slice(0, 12)} (${name}, ${createdAt.slice(0, 16).replace("T", " ")})`);
      const more = found.length > list.length ? ` and ${found.length - list.length} more` : "";
      issues.push({
        path,
        message: `"${text.slice(0, 80)}" names ${found.length} datasets: ${list.join(", ")}${more}`,
        hint: "write enough digits of the id to tell them apart",
      });
      continue;
    }
    const near = closestName(text, await allNames());
    issues.push({
      path,
      message: `there is no dataset "${text.slice(0, 80)}"`,
      hint: `${near === null ? "" : `did you mean "${near}"? `}It is named by its file, or by the first 4 or more digits of its id: \`basin dataset list\` shows which there are`,
    });
  }
  return issues;
}

/** A dimension, whole or short, with its texts replaced; conditions stay. */
export function mapTexts(dimension: unknown, path: string, replace: (text: string, path: string) => string): unknown {
  if (typeof dimension === "string") return replace(dimension, path);
  if (Array.isArray(dimension))
    return dimension.map((item: unknown, i) => (typeof item === "string" ? replace(item, `${path}[${i}]`) : item));
  if (typeof dimension !== "object" || dimension === null) return dimension;
  const { value, values, ...rest } = dimension as { value?: unknown; values?: unknown };
  return {
    ...rest,
    ...(value === undefined ? {} : { value: mapTexts(value, `${path}.value`, replace) }),
    ...(values === undefined ? {} : { values: mapTexts(values, `${path}.values`, replace) }),
  };
}
