/**
 * Runs one piece of work again and again, never two at once: when nudged, else `everyMilliseconds` after it ended; never sooner than
 * `atLeastMilliseconds` after it last began.
 */
export class Wakeup {
  #nudged = false;
  #wake: (() => void) | null = null;

  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Until `signal` is aborted. `work` resolves to whether it wants to run again at once; its rejection ends it. */
  async run(
    signal: AbortSignal,
    pace: { everyMilliseconds: number; atLeastMilliseconds: number },
    work: () => Promise<boolean>,
  ): Promise<void> {
    while (!signal.aborted) {
      this.#nudged = false;
      const began = performance.now();
      if (await work()) this.#nudged = true;
      if (!this.#nudged) await this.#sleep(pace.everyMilliseconds, signal, true);
      const rest = pace.atLeastMilliseconds - (performance.now() - began);
      if (rest > 0) await this.#sleep(rest, signal, false);
    }
  }

  #sleep(milliseconds: number, signal: AbortSignal, wakeable: boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
      else if (wakeable) this.#wake = done;
    });
  }
}
