export type LiveStatus = { state: "connecting" } | { state: "live" } | { state: "stale"; since: number };

/** The part of EventSource that is used, so that a test can stand in for it. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

/** Which events of a stream are wanted, and what each must be. */
export interface LiveFeed<C> {
  events: readonly string[];
  schema: { safeParse(json: unknown): { success: true; data: C } | { success: false } };
}

export interface LiveConnectionOptions<C> {
  url: string;
  feed: LiveFeed<C>;
  open: (url: string) => EventSourceLike;
  /** Milliseconds since 1970. */
  clock: () => number;
  onChanges: (changes: C[]) => void;
  /** The stream is open again after it was lost: events in between are missing, so read again what is shown. */
  onReconnect: () => void;
  /** The server answered, and with an error: perhaps this browser may listen no longer. It is asked again all the same. */
  onRefused: () => void;
  onStatus: (status: LiveStatus) => void;
}

const closed = 2;
/** Changes are handed on together this often: a thousand runs must not cause a thousand renderings. */
const flushMilliseconds = 150;
const firstWaitMilliseconds = 500;
const longestWaitMilliseconds = 10_000;

/**
 * Server-sent events of one URL for as long as it is open. A browser reconnects by itself unless it was answered with an error
 * status; then a new source is made after a wait that doubles up to ten seconds. Events that do not parse are left out: a newer
 * server may send more kinds than this page knows.
 */
export class LiveConnection<C> {
  private source: EventSourceLike | undefined;
  private reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private pending: C[] = [];
  private waitMilliseconds = firstWaitMilliseconds;
  private lostSince: number | null = null;
  private ended = false;

  constructor(private readonly options: LiveConnectionOptions<C>) {
    options.onStatus({ state: "connecting" });
    this.connect();
  }

  close(): void {
    this.ended = true;
    clearTimeout(this.reconnectTimer);
    clearTimeout(this.flushTimer);
    this.source?.close();
  }

  private connect(): void {
    const source = this.options.open(this.options.url);
    this.source = source;
    source.addEventListener("open", () => this.opened());
    source.addEventListener("error", () => this.lost(source));
    for (const type of this.options.feed.events) source.addEventListener(type, (event) => this.received(event.data));
  }

  private opened(): void {
    if (this.ended) return;
    const again = this.lostSince !== null;
    this.lostSince = null;
    this.waitMilliseconds = firstWaitMilliseconds;
    this.options.onStatus({ state: "live" });
    if (again) this.options.onReconnect();
  }

  private lost(source: EventSourceLike): void {
    if (this.ended || source !== this.source) return;
    this.lostSince ??= this.options.clock();
    this.options.onStatus({ state: "stale", since: this.lostSince });
    if (source.readyState !== closed) return;
    this.options.onRefused();
    source.close();
    clearTimeout(this.reconnectTimer);
    this.reconnectTimer = setTimeout(() => this.connect(), this.waitMilliseconds);
    this.waitMilliseconds = Math.min(longestWaitMilliseconds, this.waitMilliseconds * 2);
  }

  private received(data: unknown): void {
    if (this.ended || typeof data !== "string") return;
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      return;
    }
    const change = this.options.feed.schema.safeParse(json);
    if (!change.success) return;
    this.pending.push(change.data);
    this.flushTimer ??= setTimeout(() => {
      this.flushTimer = undefined;
      const changes = this.pending;
      this.pending = [];
      this.options.onChanges(changes);
    }, flushMilliseconds);
  }
}
