/**
 * Turns Ctrl-C, SIGTERM and a closed terminal into an abort signal. A second Ctrl-C a second or more later calls `force`, for people
 * who do not want to wait.
 */
export class Interruption {
  readonly #controller = new AbortController();
  #first = 0;
  #received: NodeJS.Signals | null = null;

  constructor(private readonly force: () => void = () => process.exit(130)) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => this.#receive(signal));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get received(): NodeJS.Signals | null {
    return this.#received;
  }

  /** Resolves when the signal came. */
  wait(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.signal.addEventListener("abort", () => resolve(), { once: true }));
  }

  #receive(signal: NodeJS.Signals): void {
    if (this.#received === null) {
      this.#received = signal;
      this.#first = performance.now();
      this.#controller.abort(new Error(`stopped by ${signal}`));
      return;
    }
    // npm passes a Ctrl-C on that the terminal has already delivered: two within a second are one.
    if (performance.now() - this.#first > 1000) this.force();
  }
}
