import { randomInt } from "node:crypto";
import {
  defaultProject,
  SweepId,
  SweepSpec,
  type BuildId,
  type ExtendSweep,
  type Objective,
  type RunId,
  type StopAction,
  type SweepPatch,
} from "@basin/contracts";
import {
  BinRepository,
  CommandsRepository,
  SweepsRepository,
  TrainersRepository,
  type CommandEffect,
  type LockedSweep,
  type Queryable,
  type StoredSweep,
} from "@basin/database";
import { buildsOnline, transitionSweep, type SweepEvent } from "@basin/domain";
import type { EarlierTrial } from "@basin/search";
import { Inject, Injectable } from "@nestjs/common";
import { ChangeFeed } from "../platform/change-feed";
import { SchedulerBell } from "../platform/scheduler-bell";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { ConflictError } from "../platform/conflict-error";
import { additionOf } from "./sweep-addition";
import type { OpenSweep } from "./search-step";
import { StopOrders } from "./stop-orders";
import { takersOf } from "./takers";

/** Crockford's base 32, lower case. */
const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
/** How often an addition is computed again because the search went on meanwhile. */
const extendTries = 20;

/** A sweep spec that experiment and search algorithm accept, with what follows from it. Nothing of the space is expanded. */
export interface SweepPlan extends OpenSweep {
  objective: Objective;
  seeds: number[];
  /** Null: decided while the sweep runs. */
  trials: number | null;
  /** Trials of an earlier sweep that the search begins with; null: none. */
  earlier: readonly EarlierTrial[] | null;
}

/**
 * Everything a person does to a sweep: one transaction each, then the scheduler, the trainers and the listeners are told.
 * A command that does not fit the sweep's state throws ConflictError. `false`: there is no such sweep.
 */
@Injectable()
export class SweepCommands {
  constructor(
    @Inject(SweepsRepository) private readonly sweeps: SweepsRepository,
    @Inject(CommandsRepository) private readonly commands: CommandsRepository,
    @Inject(BinRepository) private readonly bin: BinRepository,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(SchedulerBell) private readonly bell: SchedulerBell,
    @Inject(StopOrders) private readonly orders: StopOrders,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Stores a sweep as it was planned. Costs the same whatever the size of its space. `settle` is done in the same transaction, here as in `extend`. */
  async create(
    { spec, definition, search: { algorithm, input }, objective, seeds, trials, earlier }: SweepPlan,
    options: { clonedFrom?: SweepId; owner?: string; project?: string } = {},
    settle?: (connection: Queryable, created: StoredSweep) => Promise<void>,
  ): Promise<StoredSweep> {
    const id = newSweepId();
    const sweep = {
      id,
      name: spec.name ?? `${definition.title} ${id}`,
      spec,
      objective,
      seeds,
      trialsPlanned: trials,
      searchState: algorithm.init(input),
      clonedFrom: options.clonedFrom ?? null,
      owner: options.owner ?? "local",
      project: options.project ?? defaultProject,
      hasCriterion: definition.success !== null,
      firstEvent: earlier && { type: "warm-start", trials: earlier },
    };
    const created = await this.sweeps.create(sweep, settle);
    this.bell.ring();
    this.changes.touched(id);
    return created;
  }

  pause(id: SweepId): Promise<boolean> {
    return this.#tell(id, "hand-back", this.commands.pause(id, legal("pause")));
  }

  resume(id: SweepId): Promise<boolean> {
    return this.#tell(id, null, this.commands.resume(id, legal("resume")));
  }

  cancel(id: SweepId): Promise<boolean> {
    return this.#tell(id, "cancel", this.commands.cancel(id, "the sweep was cancelled", legal("cancel")));
  }

  /**
   * Gives what is left to trainers of another build; `wanted` left out: of the only other one that is there. Runs in progress go on
   * where they are.
   */
  async continueOn(id: SweepId, wanted: BuildId | undefined): Promise<boolean> {
    const trainers = await this.trainers.live(this.env.leaseSeconds);
    const allow = (sweep: LockedSweep): BuildId => {
      legal("continue")(sweep);
      return otherBuild(
        sweep,
        buildsOnline(takersOf(sweep, trainers)).map((build) => build.id),
        wanted,
      );
    };
    return this.#tell(id, null, this.commands.continueOn(id, allow));
  }

  /** Leaves it out of lists, or shows it again. */
  async archive(id: SweepId, on: boolean): Promise<boolean> {
    const found = await this.bin.archive(id, on, (sweep) => {
      refuseBinned(sweep);
      if (on && sweep.state === "running") throw new ConflictError("the sweep is running: pause or cancel it first");
    });
    if (found) this.changes.touched(id);
    return found;
  }

  async remove(id: SweepId): Promise<boolean> {
    const found = await this.bin.bin(id, this.env.binDays, (sweep, needed) => {
      refuseBinned(sweep);
      if (sweep.state === "running" || sweep.state === "paused")
        throw new ConflictError(
          `the sweep is ${sweep.state}${sweep.state === "paused" ? " and can go on" : ""}: cancel it first`,
        );
      if (needed.length > 0)
        throw new ConflictError(`sweeps that have not ended start from weights of this one: ${needed.join(", ")}`);
    });
    if (found) this.changes.touched(id);
    return found;
  }

  async restore(id: SweepId): Promise<boolean> {
    const found = await this.bin.restore(id, ({ binnedUntil }) => {
      if (binnedUntil === null) throw new ConflictError("the sweep is not in the bin");
      if (binnedUntil.getTime() <= Date.now()) throw new ConflictError("the sweep is being removed for good");
    });
    if (found) this.changes.touched(id);
    return found;
  }

  retryFailed(id: SweepId): Promise<boolean> {
    const allow = (sweep: LockedSweep, failed: number): void => {
      legal("retry-failed")(sweep);
      if (failed === 0) throw new ConflictError("no run of the sweep has failed, so there is nothing to try again");
    };
    return this.#tell(id, null, this.commands.retryFailed(id, allow));
  }

  /** How many of the runs are tried again; null: there is no such sweep. */
  async retryRuns(id: SweepId, runs: readonly RunId[]): Promise<number | null> {
    const effect = await this.commands.retryRuns(id, runs, legal("retry-failed"));
    if (effect) await this.#tell(id, null, Promise.resolve(effect));
    return effect && effect.moves.length;
  }

  /** How many of the runs were unfinished and are cancelled now; null: there is no such sweep. */
  async cancelRuns(id: SweepId, runs: readonly RunId[]): Promise<number | null> {
    const effect = await this.commands.cancelRuns(id, runs, "the run was cancelled");
    if (effect) await this.#tell(id, "cancel", Promise.resolve(effect));
    return effect && effect.moves.length;
  }

  /** Name, tags and notes. */
  async describe(id: SweepId, patch: SweepPatch): Promise<boolean> {
    const found = await this.sweeps.describe(id, patch);
    if (found) this.changes.touched(id);
    return found;
  }

  async extend(id: SweepId, request: ExtendSweep, settle?: (connection: Queryable) => Promise<void>): Promise<boolean> {
    for (let attempt = 0; attempt < extendTries; attempt++) {
      const snapshot = await this.sweeps.searchSnapshot(id);
      if (!snapshot) return false;
      const addition = additionOf({ ...snapshot, spec: SweepSpec.parse(snapshot.spec) }, request);
      const effect = await this.commands.extend(id, addition, legal("extend"), settle);
      if (effect) return this.#tell(id, null, Promise.resolve(effect));
    }
    throw new Error("the sweep's search did not rest long enough to be extended; try again");
  }

  async #tell(id: SweepId, action: StopAction | null, command: Promise<CommandEffect | null>): Promise<boolean> {
    const effect = await command;
    if (!effect) return false;
    this.bell.ring();
    this.changes.moved(effect.moves);
    this.changes.touched(id);
    if (action) await this.orders.stop(effect.running, action);
    return true;
  }
}

function refuseBinned({ binnedUntil }: LockedSweep): void {
  if (binnedUntil !== null) throw new ConflictError("the sweep is in the bin: restore it first");
}

function legal(event: SweepEvent): (sweep: LockedSweep) => void {
  return (sweep) => {
    refuseBinned(sweep);
    if (sweep.archived) throw new ConflictError("the sweep is archived: show it in lists again first");
    const result = transitionSweep(sweep.state, event);
    if (!result.ok) throw new ConflictError(result.reason);
  };
}

/** The build that a sweep is to be continued on. Throws ConflictError with what would be right. */
function otherBuild({ build, pool, experiment }: LockedSweep, online: readonly BuildId[], wanted: BuildId | undefined): BuildId {
  const others = online.filter((id) => id !== build);
  const there =
    others.length === 0
      ? `no trainer of another build that can train ${experiment} is there in the pool ${pool}: start one`
      : `there are trainers of ${others.join(", ")} in the pool ${pool}`;
  if (wanted === undefined) {
    const [only] = others;
    if (only !== undefined && others.length === 1) return only;
    throw new ConflictError(others.length === 0 ? there : `${there}: name the build to continue on`);
  }
  if (wanted === build) throw new ConflictError(`the sweep is given to build ${wanted} already; ${there}`);
  if (!others.includes(wanted)) throw new ConflictError(`no trainer of build ${wanted} is there; ${there}`);
  return wanted;
}

function newSweepId(): SweepId {
  return SweepId.parse(Array.from({ length: 8 }, () => idAlphabet.charAt(randomInt(idAlphabet.length))).join(""));
}
