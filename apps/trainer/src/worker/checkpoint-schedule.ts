/** Of a pack's time. Where checkpoints cost more (large networks in wide packs of short steps), each run gets them less often. */
const shareOfTime = 0.1;

/**
 * Says whose checkpoint is written after a step of a pack. The oldest goes first, so that no run waits for ever, and a run's turn
 * comes when its checkpoint would be older than the interval at the end of the next step, if that takes as long as the one before. A kill
 * therefore loses at most an interval, or one step where that is longer, as long as writing takes less than a tenth of the time.
 * Times are in milliseconds, on any clock.
 */
export class CheckpointSchedule {
  /**
   * As if the runs had been written before the start: the first checkpoints of a pack are spread over the second half of the first
   * interval, so that no short step is followed by all of them, and a pack that is over by then has none.
   */
  readonly #writtenAt: number[];
  #spent = 0;

  constructor(
    runs: number,
    private readonly startedAt: number,
    private readonly interval: number,
  ) {
    this.#writtenAt = Array.from({ length: runs }, (_, run) => startedAt - (interval / 2) * (1 - (run + 1) / runs));
  }

  /** Of the candidates, the run to write now; null: none. `step`: how long the step took that ended at `now`. */
  next(candidates: readonly number[], now: number, step: number): number | null {
    if (this.#spent > shareOfTime * (now - this.startedAt)) return null;
    let oldest: number | null = null;
    for (const run of candidates) if (oldest === null || this.#at(run) < this.#at(oldest)) oldest = run;
    if (oldest === null || this.#at(oldest) === now) return null;
    return now + step - this.#at(oldest) > this.interval ? oldest : null;
  }

  /** The run's checkpoint holds what it had trained at `at`; `cost`: how long writing it took. */
  wrote(run: number, at: number, cost: number): void {
    this.#writtenAt[run] = at;
    this.#spent += cost;
  }

  /** The run gets no further checkpoint. */
  never(run: number): void {
    this.#writtenAt[run] = Infinity;
  }

  #at(run: number): number {
    return this.#writtenAt[run] ?? Infinity;
  }
}
