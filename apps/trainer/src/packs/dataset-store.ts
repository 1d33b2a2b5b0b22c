import { DatasetId, unpackDataset, type Configuration, type DatasetContent, type TrainerId } from "@basin/contracts";
import { findExperiment } from "@basin/problems";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { reasonOf, type AskOptions, type ControlPlane } from "../control/control-plane";

/**
 * Datasets on this trainer's disk. A file is named `<dataset>-<SHA-256 of its content>`, so what is read can be checked against its
 * name; a file that does not agree is fetched again. Nothing is ever evicted but by hand: delete the folder at any time.
 */
export class DatasetStore {
  /** Packs that need the same dataset at the same time share one fetch. */
  readonly #fetching = new Map<string, Promise<DatasetContent>>();

  constructor(
    private readonly folder: string,
    private readonly control: ControlPlane,
    private readonly trainer: TrainerId,
    private readonly log: Logger,
  ) {}

  /** Every dataset that these configurations of an experiment need. Rejects as `ask` does, or when what arrives is not what was told. */
  bring(experiment: string, configurations: readonly Configuration[], options: AskOptions): Promise<DatasetContent[]> {
    const definition = findExperiment(experiment);
    const ids = new Set(configurations.flatMap((parameters) => definition?.datasets?.(parameters) ?? []));
    return Promise.all([...ids].map((id) => this.#get(DatasetId.parse(id), options)));
  }

  #get(id: DatasetId, options: AskOptions): Promise<DatasetContent> {
    const running = this.#fetching.get(id);
    if (running) return running;
    const fetching = this.#read(id)
      .then((found) => found ?? this.#fetch(id, options))
      .finally(() => this.#fetching.delete(id));
    this.#fetching.set(id, fetching);
    return fetching;
  }

  async #read(id: DatasetId): Promise<DatasetContent | null> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(`${id}-`) && !each.endsWith(".part"))) {
      const file = await readFile(join(this.folder, name));
      if (createHash("sha256").update(file).digest("hex") === name.slice(id.length + 1)) return unpackDataset(file);
      await rm(join(this.folder, name), { force: true });
    }
    return null;
  }

  async #fetch(id: DatasetId, options: AskOptions): Promise<DatasetContent> {
    const pieces: Buffer[] = [];
    let told = { parts: 1, bytes: 0, sha256: "" };
    for (let part = 0; part < told.parts; part++) {
      told = await this.control.ask("dataset", { v: 1, trainer: this.trainer, dataset: id, part }, options).then((reply) => {
        pieces.push(Buffer.from(reply.content, "base64"));
        return reply;
      });
    }
    const file = Buffer.concat(pieces);
    if (file.byteLength !== told.bytes || createHash("sha256").update(file).digest("hex") !== told.sha256)
      throw new Error(`the dataset ${id} did not arrive as the control plane keeps it`);
    await this.#keep(`${id}-${told.sha256}`, file);
    return unpackDataset(file);
  }

  /** A disk that cannot keep the copy costs another fetch, not a run. */
  async #keep(name: string, file: Buffer): Promise<void> {
    const path = join(this.folder, name);
    const part = `${path}.${randomUUID()}.part`;
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(part, file);
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      this.log.warn({ dataset: name, reason: reasonOf(error) }, "the copy of a dataset cannot be kept; it will be fetched again");
    }
  }
}
