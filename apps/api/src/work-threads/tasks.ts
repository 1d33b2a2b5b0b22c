import { DatasetId, packDataset, unpackDataset, type DatasetContent, type Space } from "@basin/contracts";
import { checkData, extensionNames, findExperiment, loadExtensions, type DataFindings } from "@basin/problems";
import type { DatasetFacts } from "@basin/database";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { CsvOptions } from "../dataset-files/csv-layout";
import { readFile } from "../dataset-files/read-file";
import { importExtension } from "../platform/import-extension";

/** A file that lies on disk, and what a person says about it. */
interface ReadDatasetInput {
  path: string;
  id: string;
  name: string;
  options: CsvOptions;
}

/** What is kept of it beside the file itself. */
interface ReadDatasetOutput {
  facts: DatasetFacts;
  preview: (number | string | null)[][];
  /** What trainers fetch, and its SHA-256. */
  content: Uint8Array<ArrayBuffer>;
  contentSha256: string;
}

/**
 * Of a sweep, the configurations that need no other datasets than these, of which at most `mostKeptDatasets` are handed over at a time. A content that
 * the thread was given before need not come again.
 */
interface CheckDataInput {
  experiment: string;
  space: Space;
  datasets: { id: string; content: Uint8Array<ArrayBuffer> | null }[];
}
/** The last datasets that were asked about stay in the thread: a form asks again with every change. */
const mostKeptDatasets = 2;

/** `unknown`: ids whose content has to come along. */
type CheckDataOutput = DataFindings | { unknown: string[] };

/** What work threads do, by name. Input and output are copied between threads; what is thrown arrives with its message and, of InputError, its issues. */
export interface Tasks {
  readDataset: { input: ReadDatasetInput; output: ReadDatasetOutput };
  checkData: { input: CheckDataInput; output: CheckDataOutput };
}
export type TaskName = keyof Tasks;

export const tasks: { [N in TaskName]: (input: Tasks[N]["input"]) => Promise<Tasks[N]["output"]> } = {
  async readDataset({ path, id, name, options }) {
    const pieces = (): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: 256 * 1024 });
    const { facts, preview, columns, arrays } = await readFile(name, pieces, options);
    const content = packDataset({ id: DatasetId.parse(id), name, rows: facts.rows, columns, arrays });
    const contentSha256 = createHash("sha256").update(content).digest("hex");
    return { facts, preview, content, contentSha256 };
  },

  async checkData({ experiment, space, datasets }) {
    await extensionsLoaded();
    const unknown = datasets.filter(({ id, content }) => content === null && !kept.has(id)).map(({ id }) => id);
    if (unknown.length > 0) return { unknown };
    for (const { id, content } of datasets) if (content) keep(id, unpackDataset(content));
    const definition = findExperiment(experiment);
    if (!definition) return { issues: [], warnings: [] };
    return checkData(definition, space, {
      held: new Set(datasets.map(({ id }) => id)),
      dataset(id) {
        const content = kept.get(id);
        if (!content) throw new Error(`the dataset ${id} was not handed over`);
        return content;
      },
    });
  },
};

const kept = new Map<string, DatasetContent>();

function keep(id: string, content: DatasetContent): void {
  kept.delete(id);
  kept.set(id, content);
  for (const [oldest] of kept) {
    if (kept.size <= mostKeptDatasets) return;
    kept.delete(oldest);
  }
}

let loading: Promise<unknown> | null = null;
function extensionsLoaded(): Promise<unknown> {
  return (loading ??= loadExtensions(extensionNames(process.env["BASIN_EXTENSIONS"]), importExtension));
}
