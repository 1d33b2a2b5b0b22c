import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";

const tickMilliseconds = 200;
/** Late by more than this the loop stood still; garbage collection and a burst of work stay below it. */
const stallMilliseconds = 1500;
/** What arrived meanwhile is handled within this time of the loop's going on. */
const backlogMilliseconds = 1000;

/**
 * Notices that the process stood still: stopped, swapped out, asleep with its machine, or busy with one long computation. What it hears
 * just then may have been said long ago, and what it believes may have been taken from it.
 */
@Injectable()
export class LoopWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #listeners = new Set<(seconds: number) => void>();
  #timer: NodeJS.Timeout | null = null;
  #lastTick = { monotonic: performance.now(), wall: Date.now() };
  #behindUntil = 0;

  onApplicationBootstrap(): void {
    this.#lastTick = { monotonic: performance.now(), wall: Date.now() };
    this.#timer = setInterval(() => this.#tick(), tickMilliseconds).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Called with the length of each stall, once the loop goes on. */
  onStall(listener: (seconds: number) => void): void {
    this.#listeners.add(listener);
  }

  /** It stood still a moment ago, and may not have worked off yet what arrived meanwhile. */
  get isBehind(): boolean {
    return performance.now() < this.#behindUntil || (this.#timer !== null && this.#gap() > stallMilliseconds);
  }

  /** A machine that sleeps stops the monotonic clock, so the wall clock is asked as well. */
  #gap(): number {
    const { monotonic, wall } = this.#lastTick;
    return Math.max(performance.now() - monotonic, Date.now() - wall);
  }

  #tick(): void {
    const gap = this.#gap();
    this.#lastTick = { monotonic: performance.now(), wall: Date.now() };
    if (gap <= stallMilliseconds) return;
    this.#behindUntil = performance.now() + backlogMilliseconds;
    for (const listener of this.#listeners) listener(gap / 1000);
  }
}
