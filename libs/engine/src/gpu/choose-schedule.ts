import type { Replay, Schedule } from "./replay";

/** A dispatch should not hold the device longer, as others share it and some drivers reset it after two seconds. */
const longestDispatch = 0.1;
/** Lists that are longer would make a kernel that takes minutes to compile. */
const mostFusedOperations = 400;

/** Takes steps in one schedule or the other; told to measure, in the one that was faster when both had been tried. */
export class ScheduleChoice {
  private readonly seconds: Partial<Record<Schedule, number>> = {};
  private readonly tried: readonly Schedule[];

  constructor(
    private readonly device: GPUDevice,
    private readonly replay: Replay,
    wish: Schedule | "measured",
  ) {
    const fits = replay.dispatches("grid") <= mostFusedOperations;
    this.tried = wish === "measured" ? (fits ? ["grid", "fused"] : ["grid"]) : [wish];
  }

  /** Queues the steps whose inputs were written last, in dispatches that are short. */
  async take(steps: number): Promise<void> {
    for (let done = 0; done < steps;) {
      const schedule = await this.next();
      const known = this.seconds[schedule];
      const most = known === undefined ? 1 : Math.max(1, Math.floor(longestDispatch / known));
      const count = Math.min(steps - done, most);
      const startedAt = performance.now();
      this.replay.take(schedule, done, count);
      // The first one warms the kernels up.
      if (known === undefined || this.tried.length > 1 || count > 1) {
        await this.device.queue.onSubmittedWorkDone();
        const each = (performance.now() - startedAt) / 1000 / count;
        this.seconds[schedule] = Math.min(each, known ?? Number.POSITIVE_INFINITY);
      }
      done += count;
    }
  }

  /** The fastest; before that one that has not been timed, which is compiled first. */
  private async next(): Promise<Schedule> {
    const [first = "grid", ...others] = this.tried;
    const fresh = this.tried.find((schedule) => this.seconds[schedule] === undefined);
    const best = others.reduce((a, b) => ((this.seconds[b] ?? Infinity) < (this.seconds[a] ?? Infinity) ? b : a), first);
    const chosen = fresh ?? best;
    if (!this.replay.isCompiled(chosen)) await this.replay.compile(chosen);
    return chosen;
  }
}
