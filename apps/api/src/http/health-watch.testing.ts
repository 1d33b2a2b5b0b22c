import { expect } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import type { Harness } from "./http-harness.testing";

/** How long /health took at most to answer while something else was asked for. */
export async function health(
  api: Harness,
  meanwhile: () => Promise<void>,
): Promise<{ longestMilliseconds: number; count: number }> {
  let over = false;
  let longest = 0;
  let count = 0;
  const asking = (async () => {
    while (!over) {
      const began = performance.now();
      expect((await api.app.inject({ method: "GET", url: "/health" })).statusCode).toBe(200);
      longest = Math.max(longest, performance.now() - began);
      count += 1;
      await sleep(5);
    }
  })();
  try {
    await meanwhile();
  } finally {
    over = true;
    await asking;
  }
  expect(count).toBeGreaterThan(1);
  return { longestMilliseconds: longest, count };
}
