import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Refresher } from "./refresher";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(readMilliseconds: number) {
  const client = new QueryClient();
  const reads: number[] = [];
  let atOnce = 0;
  const most = { atOnce: 0 };
  vi.spyOn(client, "invalidateQueries").mockImplementation(async () => {
    reads.push(Date.now());
    most.atOnce = Math.max(most.atOnce, (atOnce += 1));
    await new Promise((resolve) => setTimeout(resolve, readMilliseconds));
    atOnce -= 1;
  });
  const refresher = new Refresher(client, () => Date.now());
  return { refresher, reads, most };
}

const request = { key: ["runs", "k3v9x2mq"], everyMilliseconds: 1000 };

it("reads at once, then at most once per interval, and once more after the last request", async () => {
  const { refresher, reads } = setUp(10);
  for (let i = 0; i < 25; i += 1) {
    refresher.request(request);
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(5000);
  expect(reads).toHaveLength(4);
  expect(reads[0]).toBe(0);
  expect(reads.at(-1)).toBeGreaterThan(2400);
});

it("never reads the same key twice at a time, however slow the answer", async () => {
  const { refresher, reads, most } = setUp(3000);
  for (let i = 0; i < 60; i += 1) {
    refresher.request(request);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(most.atOnce).toBe(1);
  expect(reads.length).toBeGreaterThanOrEqual(2);
});

it("stops when it is closed", async () => {
  const { refresher, reads } = setUp(10);
  refresher.request(request);
  refresher.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(reads).toEqual([]);
});

it("reads once more after a read that it joined: it may have been answered before the change", async () => {
  const client = new QueryClient();
  let version = 1;
  const answers: number[] = [];
  const observer = new QueryObserver(client, {
    queryKey: request.key,
    queryFn: async () => {
      const answer = version;
      await new Promise((resolve) => setTimeout(resolve, 500));
      answers.push(answer);
      return answer;
    },
  });
  const stop = observer.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(100);
  version = 2;
  new Refresher(client, () => Date.now()).request(request);
  await vi.advanceTimersByTimeAsync(10_000);
  stop();
  expect(answers).toEqual([1, 2]);
});
