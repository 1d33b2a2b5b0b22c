import { SweepSpec, issuesOf, type ExtendSweep, type Sweep, type SweepId, type SweepPreview } from "@basin/contracts";
import { Database, listSweeps, readSweep, type SweepFilter, type SweepSort } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { SweepCommands } from "../scheduler/sweep-commands";
import { decodeCursor, encodeCursor, type CursorPart } from "../http/cursor";
import { InputError, NotFoundError } from "../http/request-errors";
import { planSweep, sampleConfigurations } from "./sweep-plan";

const sampleSize = 20;
const cursorParts: Record<SweepSort, readonly CursorPart[]> = {
  createdAt: ["time", "text"],
  "-createdAt": ["time", "text"],
  name: ["text", "text"],
  "-name": ["text", "text"],
};

@Injectable()
export class SweepsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SweepCommands) private readonly commands: SweepCommands,
  ) {}

  /** The list of seeds, which can be long, only when asked. Throws NotFoundError. */
  async get(id: SweepId, options = { seeds: false }): Promise<Sweep> {
    const sweep = await readSweep(this.database, id, options);
    if (!sweep) throw new NotFoundError("sweep", id);
    return sweep;
  }

  async list(query: {
    filter: SweepFilter;
    sort: SweepSort;
    cursor: string | undefined;
    limit: number;
  }): Promise<{ items: Sweep[]; next: string | null; total: number }> {
    const label = `sweeps ${query.sort}`;
    const key = decodeCursor(query.cursor, label, cursorParts[query.sort]);
    const after = key ? ([String(key[0]), String(key[1])] as const) : null;
    const page = await listSweeps(this.database, { filter: query.filter, sort: query.sort, after, limit: query.limit });
    return { items: page.items, next: page.next && encodeCursor(label, page.next), total: page.total };
  }

  preview(spec: SweepSpec): SweepPreview {
    const plan = planSweep(spec);
    return {
      trials: plan.trials,
      runs: plan.trials === null ? null : plan.trials * plan.seeds.length,
      seeds: plan.seeds.length,
      sample: sampleConfigurations(plan, sampleSize),
      objective: plan.objective,
    };
  }

  async create(spec: SweepSpec, clonedFrom: SweepId | null = null): Promise<Sweep> {
    planSweep(spec);
    const id = await this.commands.create(spec, clonedFrom === null ? {} : { clonedFrom });
    return this.get(id, { seeds: true });
  }

  /** The stored spec with some fields replaced, checked like a new one. Paths of what is wrong are those of the new spec. */
  async clone(id: SweepId, changes: Record<string, unknown>): Promise<Sweep> {
    const { spec } = await this.get(id);
    const parsed = SweepSpec.safeParse({ ...spec, ...changes });
    if (!parsed.success)
      throw new InputError(issuesOf(parsed.error).map((issue) => ({ ...issue, path: `changes.${issue.path}` })));
    try {
      return await this.create(parsed.data, id);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(error.issues.map((issue) => ({ ...issue, path: `changes.${issue.path}` })));
    }
  }

  /** Does something to a sweep that exists and returns what has become of it. */
  async command(id: SweepId, name: "pause" | "resume" | "cancel" | "retryFailed"): Promise<Sweep> {
    if (!(await this.commands[name](id))) throw new NotFoundError("sweep", id);
    return this.get(id);
  }

  async extend(id: SweepId, extension: ExtendSweep): Promise<Sweep> {
    if (!(await this.commands.extend(id, extension))) throw new NotFoundError("sweep", id);
    return this.get(id);
  }
}
