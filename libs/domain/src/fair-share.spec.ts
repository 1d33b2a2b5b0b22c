import { expect, it } from "vitest";
import { longestWaitSeconds, packToHandBack, type HeldPack, type WaitingSweep } from "./fair-share";

const turnSeconds = 30;
const longest = longestWaitSeconds(turnSeconds);

const held = (pack: string, sweep: string, seconds = 600, priority = 0): HeldPack => ({ pack, sweep, seconds, priority });
const given = (waiting: WaitingSweep[], held: HeldPack[], slots: number) =>
  packToHandBack(waiting, held, { slots, turnSeconds })?.pack;
const waits = (sweep: string, seconds = longest, priority = 0) => ({ sweep, seconds, priority });
const long = [held("a", "long", 500), held("b", "long", 600)];

it("takes the pack that was held longest of the sweep that holds most slots", () => {
  expect(given([waits("short")], long, 2)).toBe("b");
  const three = [held("x", "other", 900), ...long];
  expect(given([waits("short")], three, 3)).toBe("b");
});

it("takes turns where every sweep holds one slot", () => {
  expect(given([waits("short")], [held("a", "long")], 1)).toBe("a");
  expect(given([waits("long")], [held("c", "short", turnSeconds - 1)], 1)).toBeUndefined();
  expect(given([waits("long")], [held("c", "short", turnSeconds)], 1)).toBe("c");
});

it("takes none while a slot is free, nobody waited long enough, or nobody is there to train", () => {
  expect(given([waits("short")], long, 3)).toBeUndefined();
  expect(given([waits("short", longest - 1)], long, 2)).toBeUndefined();
  expect(given([], long, 2)).toBeUndefined();
  expect(given([waits("short")], long, 0)).toBeUndefined();
});

it("never takes from a sweep of higher priority, and first from the lowest", () => {
  const important = [held("a", "important", 600, 5), held("b", "idle", 40, -5)];
  expect(given([waits("short")], important, 2)).toBe("b");
  expect(given([waits("short")], important.slice(0, 1), 1)).toBeUndefined();
  expect(given([waits("short", 20), waits("urgent", 15, 6)], important, 2)).toBe("b");
});
