import { expect, onTestFinished, test, vi } from "vitest";
import { LoopWatch } from "./loop-watch";

function watchTheLoop(): { watch: LoopWatch; stalls: number[] } {
  const watch = new LoopWatch();
  const stalls: number[] = [];
  watch.onStall((seconds) => stalls.push(seconds));
  watch.onApplicationBootstrap();
  onTestFinished(() => watch.beforeApplicationShutdown());
  return { watch, stalls };
}

/** Time passes and no timer fires, as while a process is stopped. */
const standStill = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

test("a stall is noticed from its first moment on, told once, and over when its backlog is", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const { watch, stalls } = watchTheLoop();
  vi.advanceTimersByTime(400);
  standStill(1400);
  expect(watch.isBehind).toBe(false);
  vi.advanceTimersByTime(200);
  standStill(1600);
  expect(watch.isBehind, "before any timer could fire").toBe(true);
  expect(stalls).toEqual([1.6]);
  vi.advanceTimersByTime(200);
  expect(stalls).toEqual([1.6, 1.8]);
  vi.advanceTimersByTime(900);
  expect(watch.isBehind, "what came meanwhile is not worked off yet").toBe(true);
  vi.advanceTimersByTime(200);
  expect(watch.isBehind).toBe(false);
  expect(stalls).toHaveLength(2);
});

test("a long computation is a stall", () => {
  const { watch } = watchTheLoop();
  const until = performance.now() + 1600;
  while (performance.now() < until);
  expect(watch.isBehind).toBe(true);
});
