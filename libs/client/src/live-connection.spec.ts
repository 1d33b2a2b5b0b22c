import { ChangeV2 } from "@basin/contracts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type EventSourceLike, LiveConnection } from "./live-connection";

class FakeSource implements EventSourceLike {
  readyState = 0;
  private readonly listeners = new Map<string, ((event: { data?: unknown }) => void)[]>();

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  close(): void {
    this.readyState = 2;
  }

  emit(type: string, data?: unknown): void {
    for (const listener of this.listeners.get(type) ?? []) listener({ data });
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.emit("error");
  }
}

const change = (step: number) =>
  JSON.stringify({
    v: 2,
    type: "metrics",
    sweep: "k3v9x2mq",
    points: [{ run: "k3v9x2mq-0-0", attempt: 1, metric: "loss", step, value: 1 }],
  });

function setUp() {
  const sources: FakeSource[] = [];
  const seen = { changes: [] as number[], reconnects: 0, refusals: 0, status: "" };
  const connection = new LiveConnection({
    url: "/events",
    feed: { events: ["metrics"], schema: ChangeV2 },
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    clock: () => Date.now(),
    onChanges: (changes) => seen.changes.push(changes.length),
    onReconnect: () => (seen.reconnects += 1),
    onRefused: () => (seen.refusals += 1),
    onStatus: (status) => (seen.status = status.state === "stale" ? `stale since ${status.since}` : status.state),
  });
  const newest = () => {
    const source = sources.at(-1);
    if (!source) throw new Error("no source was opened");
    return source;
  };
  return { sources, seen, connection, newest };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});

it("hands changes on together and leaves out what does not parse", () => {
  const { seen, newest } = setUp();
  newest().emit("open");
  expect(seen.status).toBe("live");
  newest().emit("metrics", change(1));
  newest().emit("metrics", change(2));
  newest().emit("metrics", "{not json");
  newest().emit("runs", JSON.stringify({ v: 2, type: "runs" }));
  expect(seen.changes).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(seen.changes).toEqual([2]);
  expect(seen.reconnects).toBe(0);
});

it("is stale since the first failure, and catches up when the browser has reconnected", () => {
  const { seen, newest, sources } = setUp();
  newest().emit("open");
  vi.setSystemTime(5000);
  newest().fail(0);
  vi.setSystemTime(9000);
  newest().fail(0);
  expect(seen).toMatchObject({ status: "stale since 5000", refusals: 0 });
  newest().emit("open");
  expect(seen).toMatchObject({ status: "live", reconnects: 1 });
  expect(sources).toHaveLength(1);
});

it("opens a new source after an answer that closed it, waiting longer each time", () => {
  const { seen, newest, sources } = setUp();
  newest().fail(2);
  vi.advanceTimersByTime(499);
  expect(sources).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(sources).toHaveLength(2);
  newest().fail(2);
  vi.advanceTimersByTime(999);
  expect(sources).toHaveLength(2);
  for (let i = 0; i < 10; i += 1) {
    vi.advanceTimersByTime(10_000);
    newest().fail(2);
  }
  expect(sources).toHaveLength(12);
  expect(seen.refusals).toBe(12);
  vi.advanceTimersByTime(10_000);
  newest().emit("open");
  expect(seen).toMatchObject({ status: "live", reconnects: 1 });
});

it("does nothing after it was closed", () => {
  const { seen, connection, newest, sources } = setUp();
  newest().emit("open");
  newest().emit("metrics", change(1));
  connection.close();
  newest().emit("metrics", change(2));
  newest().fail(2);
  vi.advanceTimersByTime(60_000);
  expect(seen.changes).toEqual([]);
  expect(sources).toHaveLength(1);
});
