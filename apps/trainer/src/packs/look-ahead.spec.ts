import { expect, test } from "vitest";
import { LookAhead } from "./look-ahead";

test("as many packs train as there are slots; the next one waits and goes on at once", async () => {
  const ahead = new LookAhead(2);
  expect(await ahead.enter()).toBe(true);
  expect(await ahead.enter()).toBe(true);
  const order: string[] = [];
  const third = ahead.enter().then((admitted) => order.push(`third ${admitted}`));
  const fourth = ahead.enter().then((admitted) => order.push(`fourth ${admitted}`));
  await Promise.resolve();
  expect(order).toEqual([]);
  ahead.leave(1);
  await third;
  ahead.leave(1);
  await fourth;
  expect(order).toEqual(["third true", "fourth true"]);
});

test("a pack that waits too long is told so, and no slot is lost", async () => {
  const ahead = new LookAhead(1);
  await ahead.enter();
  expect(await ahead.enter(1)).toBe(false);
  ahead.leave(1);
  expect(await ahead.enter(1)).toBe(true);
  expect(await ahead.enter(1)).toBe(false);
});

test("one more per slot is claimed only while packs are short", () => {
  const ahead = new LookAhead(2);
  const places = (): number => {
    let taken = 0;
    while (ahead.takePlace()) taken++;
    for (let i = 0; i < taken; i++) ahead.giveBack();
    return taken;
  };
  expect(places()).toBe(2);
  ahead.leave(0.1);
  expect(places()).toBe(4);
  for (let i = 0; i < 20; i++) ahead.leave(60);
  expect(places()).toBe(2);
});
