import { expect, onTestFinished, test } from "vitest";
import { LoopWatch } from "./loop-watch";

/** Keeps the loop busy, as one long computation would. */
function hang(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("a stall is noticed from its first moment on, told once, and over when its backlog is", async () => {
  const watch = new LoopWatch();
  const stalls: number[] = [];
  watch.onStall((seconds) => stalls.push(seconds));
  watch.onApplicationBootstrap();
  onTestFinished(() => watch.beforeApplicationShutdown());
  await pause(300);
  hang(300);
  expect(watch.isBehind).toBe(false);
  hang(1800);
  // Before any timer could fire.
  expect(watch.isBehind).toBe(true);
  await pause(500);
  expect(watch.isBehind).toBe(true);
  expect(stalls.length).toBe(1);
  expect(stalls[0]).toBeGreaterThan(1.7);
  await pause(1000);
  expect(watch.isBehind).toBe(false);
  expect(stalls.length).toBe(1);
});
