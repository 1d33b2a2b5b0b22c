import { describe, expect, it } from "vitest";
import { scheduleOf, spanSeconds } from "./schedule";

describe("schedules of faults", () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);

  it("are a function of the seed alone", () => {
    for (const seed of seeds) expect(scheduleOf(seed, true)).toEqual(scheduleOf(seed, true));
    expect(new Set(seeds.map((seed) => JSON.stringify(scheduleOf(seed, true)))).size).toBe(200);
  });

  it("hold every kind of fault, for every part, within their span", () => {
    const faults = seeds.flatMap((seed) => scheduleOf(seed, true));
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(["kill", "restart", "stop", "wipe", "fill"]));
    expect(new Set(faults.map(({ part }) => part)).size).toBe(6);
    for (const { at } of faults) expect(at > 0 && at <= spanSeconds).toBe(true);
    for (const seed of seeds) {
      const times = scheduleOf(seed, true).map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it("fill no disk where that cannot be done", () => {
    expect(seeds.flatMap((seed) => scheduleOf(seed, false)).some(({ kind }) => kind === "fill")).toBe(false);
  });
});
