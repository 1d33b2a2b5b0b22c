import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Wakeup } from "./wakeup";

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("work never overlaps itself, and nudges during the work bring one more round", async () => {
  const wakeup = new Wakeup();
  const ending = new AbortController();
  const began: number[] = [];
  let inside = 0;
  let most = 0;
  const running = wakeup.run(ending.signal, { everyMilliseconds: 60_000, atLeastMilliseconds: 1 }, async () => {
    began.push(performance.now());
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 10));
    inside--;
    return false;
  });
  for (let i = 0; i < 20; i++) {
    wakeup.nudge();
    await vi.advanceTimersByTimeAsync(2);
  }
  await vi.advanceTimersByTimeAsync(1000);
  ending.abort();
  await running;
  expect(most).toBe(1);
  // The first lasts until 10; of the nudges until 38 each round takes all that came before it.
  expect(began).toEqual([0, 10, 20, 30, 40]);
});

test("runs at its own pace without nudges, again at once when there is more, and ends at once", async () => {
  const wakeup = new Wakeup();
  const ending = new AbortController();
  const began: number[] = [];
  const running = wakeup.run(ending.signal, { everyMilliseconds: 30, atLeastMilliseconds: 0 }, () => {
    began.push(performance.now());
    return Promise.resolve(began.length < 3);
  });
  await vi.advanceTimersByTimeAsync(75);
  expect(began).toEqual([0, 0, 0, 30, 60]);
  ending.abort();
  // In the middle of its sleep: no timer goes on.
  await running;
  expect(vi.getTimerCount()).toBe(0);
});

test("rounds begin at least the pace apart, whenever they are nudged", async () => {
  const wakeup = new Wakeup();
  const ending = new AbortController();
  const began: number[] = [];
  const nudgeAt = async (time: number): Promise<void> => {
    await vi.advanceTimersByTimeAsync(time - performance.now());
    wakeup.nudge();
  };
  const running = wakeup.run(ending.signal, { everyMilliseconds: 60_000, atLeastMilliseconds: 100 }, async () => {
    began.push(performance.now());
    await new Promise((resolve) => setTimeout(resolve, 10));
    return false;
  });
  await nudgeAt(5); // in the middle of the work
  await nudgeAt(111); // just after a round
  await nudgeAt(150); // while it waits for its pace: one round for both
  await nudgeAt(400); // long after
  await nudgeAt(411);
  await vi.advanceTimersByTimeAsync(1000);
  expect(began).toEqual([0, 100, 200, 400, 500]);
  ending.abort();
  await running;
  expect(vi.getTimerCount()).toBe(0);
});

test("the pace is no reason to outlive the signal", async () => {
  const wakeup = new Wakeup();
  const ending = new AbortController();
  let rounds = 0;
  const running = wakeup.run(ending.signal, { everyMilliseconds: 1, atLeastMilliseconds: 60_000 }, () =>
    Promise.resolve(++rounds > 0),
  );
  await vi.advanceTimersByTimeAsync(5);
  ending.abort();
  await running;
  expect([rounds, vi.getTimerCount()]).toEqual([1, 0]);
});

test("a signal that is aborted before the start means no work at all", async () => {
  let rounds = 0;
  await new Wakeup().run(AbortSignal.abort(), { everyMilliseconds: 1, atLeastMilliseconds: 1 }, () =>
    Promise.resolve(++rounds > 0),
  );
  expect(rounds).toBe(0);
});
