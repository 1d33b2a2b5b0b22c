import { DatasetId, datasetMaxBytes, type AnswerOf, type Dataset, type DatasetPreview, type QueryOf } from "@basin/contracts";
import { Database, DatasetsRepository, listDatasets, readDatasetRows, readDatasets } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import type { IncomingMessage } from "node:http";
import { decodeCursor, encodeCursor } from "../http/cursor";
import { receiveFile, type ReceivedFile } from "../http/receive-file";
import { ownProject, seenProject, type Asker } from "../http/asker";
import { InputError, NotFoundError } from "../http/request-errors";
import { ConflictError } from "../platform/conflict-error";
import { ProjectsService } from "../projects/projects.service";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { WorkThreads } from "../work-threads/work-threads";
import type { CsvOptions } from "../dataset-files/csv-layout";

const mostSweepsListed = 100;
/** Names the list in its cursors. */
const listLabel = "datasets -createdAt";

@Injectable()
export class DatasetsService {
  /** Files are read one at a time, so that several uploads need no more memory than one. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DatasetsRepository) private readonly datasets: DatasetsRepository,
    @Inject(WorkThreads) private readonly threads: WorkThreads,
    @Inject(ProjectsService) private readonly projects: ProjectsService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Those whose id begins with `id`, newest first. Throws InputError for a cursor of another list. */
  async list(query: QueryOf<"listDatasets">, asker: Asker): Promise<AnswerOf<"listDatasets">> {
    const key = decodeCursor(query.cursor, listLabel, ["time", "text"]);
    const after = key && ([String(key[0]), String(key[1])] as const);
    const { items, next, total } = await listDatasets(this.database, {
      project: seenProject(asker),
      prefix: query.id ?? "",
      after,
      limit: query.limit,
    });
    return { items, next: next && encodeCursor(listLabel, next), total, maxBytes: datasetMaxBytes };
  }

  async get(id: DatasetId, asker: Asker): Promise<DatasetPreview> {
    const [[dataset], preview, sweeps] = await Promise.all([
      readDatasets(this.database, [id], seenProject(asker)),
      readDatasetRows(this.database, id),
      this.datasets.sweepsOf(id, mostSweepsListed, seenProject(asker)),
    ]);
    if (!dataset || !preview) throw new NotFoundError("dataset", id);
    return { ...dataset, preview, sweeps };
  }

  /** Takes a file, reads it and stores all of it or nothing. `created`: it was not there before. */
  async upload(
    request: IncomingMessage,
    { name, options }: { name: string; options: CsvOptions },
    asker: Asker,
  ): Promise<{ dataset: Dataset; created: boolean }> {
    const file = await receiveFile(request, { bytes: datasetMaxBytes });
    try {
      if (file.bytes === 0) {
        const message = "the file is empty: it has 0 bytes";
        throw new InputError([{ path: "", message, hint: "choose a file with a line of names and at least one row" }]);
      }
      const id = DatasetId.parse(file.sha256);
      const into = { name, owner: asker.name, project: ownProject(asker) };
      const known = await this.#read(id, null);
      if (!known || !(await this.#read(id, into.project))) await this.projects.checkRoom(into.project, file.bytes);
      const other = known && otherReading(known, options);
      // What is in the bin gives way to another reading of it, if no sweep there names it.
      if (known && (known.binnedUntil === null || other === null)) {
        if (other !== null) throw readOtherwise(known, other);
        if (known.binnedUntil !== null) await this.datasets.restore(id);
        const joined = await this.datasets.join(id, into);
        const dataset = (await this.#read(id, into.project)) ?? known;
        return { dataset: { ...dataset, binnedUntil: null }, created: joined };
      }
      const turn = this.#reading.then(() => this.#store(id, into, file, options));
      this.#reading = turn.catch(() => undefined);
      await turn;
      const dataset = await this.#read(id, into.project);
      if (!dataset) throw new NotFoundError("dataset", id);
      const kept = otherReading(dataset, options);
      if (kept !== null) throw readOtherwise(dataset, kept);
      return { dataset, created: true };
    } finally {
      await file.remove();
    }
  }

  /** From the asker's project; the last one, and an admin, puts it into the bin. */
  async remove(id: DatasetId, asker: Asker): Promise<void> {
    const project = seenProject(asker);
    const outcome = await this.datasets.bin(id, { days: this.env.binDays, project });
    if (outcome === "unknown") throw new NotFoundError("dataset", id);
    if (outcome === "binned") return;
    const sweeps = await this.datasets.sweepsOf(id, 3, project);
    throw new ConflictError(
      `the dataset is named by sweeps (${sweeps.join(", ")}…), whose runs could not be trained again without it`,
    );
  }

  async restore(id: DatasetId, asker: Asker): Promise<DatasetPreview> {
    if (!(await this.datasets.restore(id))) throw new NotFoundError("dataset", id);
    return this.get(id, asker);
  }

  async #read(id: DatasetId, project: string | null): Promise<Dataset | null> {
    const [dataset] = await readDatasets(this.database, [id], project);
    return dataset ?? null;
  }

  async #store(
    id: DatasetId,
    into: { name: string; owner: string; project: string },
    file: ReceivedFile,
    options: CsvOptions,
  ): Promise<void> {
    const { facts, preview, content, contentSha256 } = await this.threads.run("readDataset", {
      path: file.path,
      id,
      name: into.name,
      options,
    });
    await this.datasets.store({
      id,
      ...into,
      facts,
      preview,
      file: () => file.pieces(),
      bytes: file.bytes,
      content,
      contentSha256,
    });
  }
}

/** How the file was read, where that is another way than is asked for. */
function otherReading(known: Dataset, { delimiter, decimal, thousands, texts = [] }: CsvOptions): string | null {
  if (known.format !== "csv") return null;
  if (delimiter !== undefined && known.delimiter !== delimiter) return `with the delimiter ${known.delimiter}`;
  if (decimal !== undefined && known.decimal !== decimal) return `with the decimal sign ${known.decimal}`;
  if (thousands !== undefined && known.thousands !== thousands)
    return known.thousands === null ? "without a thousands separator" : `with the thousands separator "${known.thousands}"`;
  const column = known.columns.find(({ name, type }) => texts.includes(name) && type !== "category" && type !== "text");
  return column ? `with ${JSON.stringify(column.name)} as a ${column.type} column` : null;
}

/** The same file read in another way would be another table under the same name. */
function readOtherwise({ id, binnedUntil }: Dataset, what: string): ConflictError {
  const where = binnedUntil === null ? "" : " from the bin, with the sweeps there that name it,";
  return new ConflictError(
    `this file is there already, as dataset ${id}, read ${what}; remove that one first${where} to have it read in another way`,
  );
}
