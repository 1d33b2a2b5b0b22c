import {
  ExternalExperiment,
  issuePath,
  type AnswerOf,
  type ExperimentId,
  type ExperimentDescriptor,
  messageOf,
} from "@basin/contracts";
import { ExperimentsRepository, type StoredExperiment } from "@basin/database";
import {
  checkExternalDefaults,
  describeExperiment,
  experiments,
  externalDefinition,
  findExperiment,
  knowExternal,
} from "@basin/problems";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";
import { ownProject, seenProject, type Asker } from "../http/asker";
import { createHash } from "node:crypto";
import { ForbiddenError, InputError, NotFoundError } from "../http/request-errors";
import type { Log } from "../platform/log";
import { LOG } from "../platform/injection-keys";

/** How soon a process knows what another one registered, at the latest. Whoever needs it sooner asks `know`. */
const lookMilliseconds = 500;

/** JSON with its keys in order, so that equal descriptors have one hash. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}

/** The version of a descriptor: 12 hex digits of a SHA-256. */
const hashOf = (descriptor: ExternalExperiment): string =>
  createHash("sha256").update(canonical(descriptor)).digest("hex").slice(0, 12);

const refOf = ({ id, hash }: Pick<StoredExperiment, "id" | "hash">): string => `${id}@${hash}`;

/**
 * Experiments whose training code is not Basin's: the ledger has them, and every process knows them by reference, so that they are found like
 * those of the catalogue.
 */
@Injectable()
export class ExperimentVersions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #stamp = "";
  /** Of experiments from outside, by id. */
  #projects = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(
    @Inject(ExperimentsRepository) private readonly stored: ExperimentsRepository,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const look = (): Promise<void> =>
      this.look().catch((error: unknown) => {
        this.log.debug({ reason: messageOf(error) }, "experiments were not looked up");
      });
    this.#timer = setInterval(() => void look(), lookMilliseconds);
    await look();
  }

  beforeApplicationShutdown(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Afterwards the newest version of an id, or a version that a sweep names, is found wherever it was registered. */
  async know(experiment: string): Promise<void> {
    const [id = "", hash] = experiment.split("@");
    if (experiments.some((one) => one.id === id)) return;
    if (hash !== undefined && findExperiment(experiment)) return;
    await this.look();
  }

  /** Throws InputError, also for an id of the catalogue, ForbiddenError for one that another project has. */
  async put(
    id: ExperimentId,
    descriptor: ExternalExperiment,
    asker: Asker,
  ): Promise<{ created: boolean; descriptor: ExperimentDescriptor }> {
    if (experiments.some((one) => one.id === id))
      throw new InputError([
        { path: "experiment", message: `${id} is an experiment of Basin's own catalogue`, hint: "choose another id" },
      ]);
    const issues = checkExternalDefaults(descriptor);
    if (issues.length > 0) throw new InputError(issues);
    const hash = hashOf(descriptor);
    const definition = (version: number) => externalDefinition(id, { version, ref: refOf({ id, hash }) }, descriptor);
    try {
      describeExperiment(definition(1));
    } catch (error) {
      throw new InputError([{ path: issuePath(["parameters"]), message: messageOf(error) }]);
    }
    const before = findExperiment(refOf({ id, hash }));
    const stored = await this.stored.put({ id, hash }, descriptor, { owner: asker.name, project: ownProject(asker) });
    if (!stored) throw new ForbiddenError(`the experiment ${id} is another project's; choose another id`);
    const { version } = stored;
    await this.look();
    return { created: before === null, descriptor: describeExperiment(definition(version)) };
  }

  /** Whether somebody of a project (null: of all) may know of an experiment, by id or reference; Basin's own are everybody's. */
  isSeenIn(project: string | null, experiment: string): boolean {
    const own = this.#projects.get(experiment.split("@")[0] ?? "");
    return project === null || own === undefined || own === project;
  }

  /** Throws NotFoundError. */
  async versions(id: ExperimentId, asker: Asker): Promise<AnswerOf<"listExperimentVersions">> {
    const rows = await this.stored.versions(id);
    const project = seenProject(asker);
    if (rows.length === 0 || (project !== null && rows[0]?.project !== project))
      throw new NotFoundError("experiment from outside", id);
    return {
      items: rows.map((row, i) => ({
        ref: refOf(row),
        version: row.version,
        newest: i === 0,
        owner: row.owner,
        createdAt: row.createdAt.toISOString(),
      })),
    };
  }

  /** One look at a time; who asks meanwhile waits for a fresh one. */
  private async look(): Promise<void> {
    while (this.#looking) await this.#looking.catch(() => undefined);
    this.#looking = this.#look().finally(() => (this.#looking = null));
    await this.#looking;
  }

  async #look(): Promise<void> {
    const stamp = await this.stored.stamp();
    if (stamp === this.#stamp) return;
    const rows = await this.stored.all();
    this.#projects = new Map(rows.map(({ id, project }) => [id, project]));
    knowExternal(
      rows.map(
        (row) =>
          findExperiment(refOf(row)) ??
          externalDefinition(row.id, { version: row.version, ref: refOf(row) }, ExternalExperiment.parse(row.descriptor)),
      ),
    );
    this.#stamp = stamp;
  }
}
