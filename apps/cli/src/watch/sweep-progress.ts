import {
  stepsOfRun,
  type ChangeV2,
  type ExperimentDescriptor,
  type ResultGroup,
  type Results,
  type RunCounts,
  type Sweep,
} from "@basin/contracts";

export interface GroupProgress {
  group: ResultGroup;
  /** 0 … 1 over all its runs. */
  share: number;
  finished: number;
  running: number;
}

export interface ProgressSnapshot {
  sweep: Sweep;
  groups: GroupProgress[];
  /** Groups beyond those listed. */
  moreGroups: number;
  finished: number;
  planned: number | null;
  share: number | null;
  best: { value: number; group: ResultGroup | null } | null;
  stepsPerSecond: number | null;
  stepUnit: string;
  secondsLeft: number | null;
  /** For whom it waits and until when; empty: for nobody. */
  reading: string;
  elapsedSeconds: number;
}

const finishedOf = (counts: RunCounts): number =>
  counts.succeeded + counts.diverged + counts.failed + counts.cancelled + counts.pruned;

/** `<sweep>-<trial>` of `<sweep>-<trial>-<initialization>`. */
const trialOf = (run: string): string => run.slice(0, run.lastIndexOf("-"));

/** How many steps a run of a group takes, by what the sweep fixes and the experiment's defaults; null: it does not say. */
function stepsOfGroup(sweep: Sweep, experiment: ExperimentDescriptor, group: ResultGroup): number | null {
  const fixed = Object.entries(sweep.spec.space).flatMap(([name, dimension]) =>
    dimension.type === "fixed" ? [[name, dimension.value] as const] : [],
  );
  return stepsOfRun(experiment.stepUnit, { ...experiment.defaults, ...Object.fromEntries(fixed), ...group.group });
}

/** What is known of a sweep on its way: the API's answers, refined by the newest step of every running run. */
export class SweepProgress {
  #sweep: Sweep;
  #results: Results | null = null;
  #reading = "";
  readonly #steps = new Map<string, number>();
  #stepsSeen = 0;
  readonly #history: { at: number; steps: number; share: number }[] = [];
  readonly #began = performance.now();

  constructor(
    sweep: Sweep,
    private readonly experiment: ExperimentDescriptor,
  ) {
    this.#sweep = sweep;
  }

  get sweep(): Sweep {
    return this.#sweep;
  }

  /** `reading`: what the sweep waits for, in words; empty: nothing. */
  answered(sweep: Sweep, results: Results, reading = ""): void {
    this.#sweep = sweep;
    this.#reading = reading;
    this.#results = results;
  }

  /** True when the API should be asked again. */
  changed(change: ChangeV2): boolean {
    switch (change.type) {
      case "sweep":
        this.#sweep = { ...this.#sweep, state: change.state, counts: change.counts, best: change.best };
        return true;
      case "runs":
        for (const { run, state, attempt } of change.runs) {
          if (state !== "running") this.#steps.delete(run);
          // A first attempt begins at 0; where a later one goes on is not said.
          else if (attempt === 1 && !this.#steps.has(run)) this.#steps.set(run, 0);
        }
        return true;
      case "metrics":
        for (const { run, step } of change.points) {
          // What a run had trained before it was first heard of is not part of the rate.
          const before = this.#steps.get(run) ?? step;
          this.#stepsSeen += Math.max(0, step - before);
          this.#steps.set(run, Math.max(step, before));
        }
        return false;
    }
  }

  snapshot(): ProgressSnapshot {
    const now = performance.now() / 1000;
    const groups = (this.#results?.groups ?? []).map((group) => this.#groupProgress(group));
    const { planned } = this.#sweep.counts;
    const finished = finishedOf(this.#sweep.counts);
    const runsInGroups = groups.reduce((sum, { group }) => sum + group.counts.total, 0);
    const partial = groups.reduce((sum, { group, share, finished: done }) => sum + share * group.counts.total - done, 0);
    const share = planned === null || planned === 0 ? null : Math.min(1, (finished + (runsInGroups > 0 ? partial : 0)) / planned);
    this.#history.push({ at: now, steps: this.#stepsSeen, share: share ?? 0 });
    while (this.#history.length > 2 && now - (this.#history[0]?.at ?? now) > 30) this.#history.shift();
    const first = this.#history[0];
    const seconds = first ? now - first.at : 0;
    const gained = first && share !== null ? share - first.share : 0;
    const { best } = this.#sweep;
    return {
      sweep: this.#sweep,
      groups,
      moreGroups: this.#results?.more ?? 0,
      finished,
      planned,
      share,
      best: best ? { value: best.value, group: this.#groupOfRun(best.run, groups) } : null,
      stepsPerSecond: first && seconds >= 2 ? (this.#stepsSeen - first.steps) / seconds : null,
      stepUnit: this.experiment.stepUnit,
      secondsLeft: share !== null && seconds >= 3 && gained > 0 ? ((1 - share) / gained) * seconds : null,
      reading: this.#reading,
      elapsedSeconds: now - this.#began / 1000,
    };
  }

  #groupProgress(group: ResultGroup): GroupProgress {
    const { counts } = group;
    const finished = counts.total - counts.unfinished;
    const steps = stepsOfGroup(this.#sweep, this.experiment, group);
    const trials = new Set((group.trials ?? []).map((trial) => trial as string));
    let running = 0;
    let partial = 0;
    for (const [run, step] of this.#steps) {
      if (!trials.has(trialOf(run))) continue;
      running++;
      if (steps !== null) partial += Math.min(1, step / steps);
    }
    running = Math.min(running, counts.unfinished);
    const share = counts.total === 0 ? 0 : Math.min(1, (finished + Math.min(partial, counts.unfinished)) / counts.total);
    return { group, share, finished, running };
  }

  #groupOfRun(run: string, groups: readonly GroupProgress[]): ResultGroup | null {
    const trial = trialOf(run);
    return groups.find(({ group }) => group.trials?.some((id) => id === trial))?.group ?? null;
  }
}
