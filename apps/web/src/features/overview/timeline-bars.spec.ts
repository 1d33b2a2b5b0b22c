import { RunId } from "@basin/contracts";
import { expect, it } from "vitest";
import { timelineBars } from "./timeline-bars";

const attempt = (run: string, seconds: number, end: number | null, state: "running" | "succeeded" | "lost" = "succeeded") => ({
  run: RunId.parse(run),
  attempt: 1,
  trainer: "t1",
  trainerName: "trainer-1",
  state,
  reason: null,
  packWidth: 2,
  startedAt: new Date(seconds * 1000).toISOString(),
  finishedAt: end === null ? null : new Date(end * 1000).toISOString(),
});

it("joins what was trained together and lays what overlaps on further lanes", () => {
  const bars = timelineBars(
    [
      attempt("k3v9x2mq-0-0", 10, 20),
      attempt("k3v9x2mq-0-1", 10.2, 21),
      attempt("k3v9x2mq-1-0", 12, 15, "lost"),
      attempt("k3v9x2mq-2-0", 30, null, "running"),
    ],
    40_000,
  );
  expect(bars.map(({ label, lane, from, to, state }) => [label, lane, from, to, state])).toEqual([
    ["2 runs", "trainer-1", 10_000, 21_000, "finished"],
    ["run k3v9x2mq-1-0", "trainer-1 · 2", 12_000, 15_000, "lost"],
    ["run k3v9x2mq-2-0", "trainer-1", 30_000, 40_000, "running"],
  ]);
});

it("says nothing about nothing", () => {
  expect(timelineBars([], 0)).toEqual([]);
});
