import { expect, test } from "vitest";
import { Wakeup } from "./wakeup";

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("work never overlaps itself, and a nudge during the work brings another round", async () => {
  const wakeup = new Wakeup();
  const ending = new AbortController();
  let rounds = 0;
  let inside = 0;
  let most = 0;
  const running = wakeup.run(ending.signal, { everyMilliseconds: 60_000, atLeastMilliseconds: 1 }, async () => {
    rounds++;
    most = Math.max(most, ++inside);
    await pause(10);
    inside--;
    return false;
  });
  for (let i = 0; i < 20; i++) {
    wakeup.nudge();
    await pause(2);
  }
  await pause(40);
  ending.abort();
  await running;
  expect(most).toBe(1);
  expect(rounds).toBeGreaterThanOrEqual(3);
  expect(rounds).toBeLessThan(12);
});

test("runs at its own pace without nudges, again at once when there is more, and ends at once", async () => {
  const wakeup = new Wakeup();
  const ending = new AbortController();
  let rounds = 0;
  const running = wakeup.run(ending.signal, { everyMilliseconds: 30, atLeastMilliseconds: 0 }, () =>
    Promise.resolve(++rounds < 3),
  );
  await pause(15);
  expect(rounds).toBe(3);
  await pause(45);
  expect(rounds).toBeGreaterThanOrEqual(4);
  const before = performance.now();
  ending.abort();
  await running;
  expect(performance.now() - before).toBeLessThan(25);
});

test("a signal that is aborted before the start means no work at all", async () => {
  let rounds = 0;
  await new Wakeup().run(AbortSignal.abort(), { everyMilliseconds: 1, atLeastMilliseconds: 1 }, () =>
    Promise.resolve(++rounds > 0),
  );
  expect(rounds).toBe(0);
});
