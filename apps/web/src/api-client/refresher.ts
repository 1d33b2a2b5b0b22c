import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Outdated } from "./apply-changes";

interface Pending {
  timer: ReturnType<typeof setTimeout> | undefined;
  lastMilliseconds: number;
  requests: number;
  busy: boolean;
}

/**
 * Reads outdated answers again without flooding the API: of one key at most one read at a time and one per interval, and the
 * last change is always followed by a read that began after it. Only what is shown is read.
 */
export class Refresher {
  private readonly pending = new Map<string, Pending>();
  private ended = false;

  constructor(
    private readonly client: QueryClient,
    private readonly clock: () => number,
  ) {}

  request({ key, everyMilliseconds }: Outdated): void {
    const name = JSON.stringify(key);
    const state = this.pending.get(name) ?? { timer: undefined, lastMilliseconds: -Infinity, requests: 0, busy: false };
    this.pending.set(name, state);
    state.requests += 1;
    if (state.busy || state.timer !== undefined) return;
    const wait = Math.max(0, state.lastMilliseconds + everyMilliseconds - this.clock());
    state.timer = setTimeout(() => void this.read(key, everyMilliseconds, state), wait);
  }

  close(): void {
    this.ended = true;
    for (const { timer } of this.pending.values()) clearTimeout(timer);
    this.pending.clear();
  }

  private async read(key: QueryKey, everyMilliseconds: number, state: Pending): Promise<void> {
    state.timer = undefined;
    state.busy = true;
    const served = state.requests;
    // A read that somebody else began may have been answered before the change.
    const joins = this.client.isFetching({ queryKey: key }) > 0;
    try {
      // Not cancelled by a newer request: under steady change no read would ever end.
      await this.client.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
    } finally {
      state.busy = false;
      state.lastMilliseconds = this.clock();
      if ((joins || state.requests !== served) && !this.ended) this.request({ key, everyMilliseconds });
    }
  }
}
