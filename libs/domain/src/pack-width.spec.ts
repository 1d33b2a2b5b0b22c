import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseWidth, trustedSeconds, widestThatFits, widthClass, type PackRate } from "./pack-width";

const wasm = { backend: "wasm", slotBytes: null };
/** Milliseconds per run and step, by width; measured for long enough. */
const rates = (costs: Record<number, number>, rest: Partial<PackRate> = {}): PackRate[] =>
  Object.entries(costs).map(([width, milliseconds]) => {
    const runSteps = 10_000;
    return {
      backend: "wasm",
      width: Number(width),
      runSteps,
      seconds: (milliseconds / 1000) * runSteps,
      bytesPerRun: null,
      ...rest,
    };
  });

test("widths are kept by the power of two above them", () => {
  expect([1, 2, 3, 4, 5, 13, 16, 17, 256].map(widthClass)).toEqual([1, 2, 4, 4, 8, 16, 16, 32, 256]);
});

describe("chooseWidth", () => {
  test("before anything is measured it is the ceiling, with two narrower widths to try", () => {
    expect(chooseWidth([], [wasm], 64)).toEqual({ widest: 64, probes: [32, 16] });
    expect(chooseWidth([], [wasm], 1)).toEqual({ widest: 1, probes: [] });
  });

  test("a cache that overflows: the widest that is as fast as the best, and halves are tried until one is slower", () => {
    const first = rates({ 64: 8, 32: 6, 16: 5 });
    expect(chooseWidth(first, [wasm], 64)).toEqual({ widest: 16, probes: [8, 4] });
    const all = [...first, ...rates({ 8: 4.9, 4: 6 })];
    expect(chooseWidth(all, [wasm], 64)).toEqual({ widest: 16, probes: [] });
  });

  test("wider ones are tried where nothing speaks against it: all that fits at first, then what lies between", () => {
    expect(chooseWidth(rates({ 2: 5, 16: 4 }), [wasm], 64)).toEqual({ widest: 64, probes: [32] });
    expect(chooseWidth(rates({ 2: 5, 16: 4, 64: 9 }), [wasm], 64).widest).toBe(32);
    expect(chooseWidth(rates({ 2: 5, 16: 4, 64: 9, 32: 4.1 }), [wasm], 64).widest).toBe(32);
    expect(chooseWidth(rates({ 2: 5, 16: 4, 64: 9, 32: 6 }), [wasm], 64).widest).toBe(16);
  });

  test("a difference within five percent is no reason for narrower packs", () => {
    expect(chooseWidth(rates({ 64: 5.2, 32: 5, 16: 5 }), [wasm], 64).widest).toBe(64);
    expect(chooseWidth(rates({ 64: 5.3, 32: 5, 16: 5 }), [wasm], 64).widest).toBe(32);
  });

  test("a measurement too short to be trusted changes nothing", () => {
    const short = rates({ 16: 1 }, { seconds: trustedSeconds / 2 });
    expect(chooseWidth([...rates({ 64: 5 }), ...short], [wasm], 64)).toEqual({ widest: 64, probes: [32, 16] });
  });

  test("of several backends the one that gains most from width decides; one without measurements gets all of it", () => {
    const gpu = { backend: "webgpu", slotBytes: null };
    const known = [...rates({ 16: 5, 32: 7, 64: 9 }), ...rates({ 16: 5, 64: 2 }, { backend: "webgpu" })];
    expect(chooseWidth(known, [wasm], 64).widest).toBe(16);
    expect(chooseWidth(known, [wasm, gpu], 64).widest).toBe(64);
    expect(chooseWidth(rates({ 16: 5, 32: 7, 64: 9 }), [wasm, gpu], 64).widest).toBe(64);
  });

  test("no pack is wider than a slot's memory, and the least bound counts, as each is one from above", () => {
    const megabyte = 2 ** 20;
    const measured = [...rates({ 1: 5 }, { bytesPerRun: 512 * megabyte }), ...rates({ 16: 5 }, { bytesPerRun: 40 * megabyte })];
    const place = (slotMegabytes: number) => ({ backend: "wasm", slotBytes: slotMegabytes * megabyte });
    expect(widestThatFits(measured, [place(1000)], 64)).toBe(25);
    expect(widestThatFits(measured, [place(1000), place(400)], 64)).toBe(10);
    expect(widestThatFits(measured, [place(1)], 64)).toBe(1);
    expect(widestThatFits(measured, [{ backend: "webgpu", slotBytes: megabyte }], 64)).toBe(64);
    expect(chooseWidth(measured, [place(400)], 64).widest).toBeLessThanOrEqual(10);
  });

  test("whatever is measured, the choice is between 1 and the ceiling, and probes are narrower", () => {
    const rate = fc.record({
      backend: fc.constantFrom("wasm", "webgpu"),
      width: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128),
      runSteps: fc.integer({ min: 1, max: 1e6 }),
      seconds: fc.double({ min: 0, max: 1e4, noNaN: true }),
      bytesPerRun: fc.option(fc.integer({ min: 1, max: 1e9 })),
    });
    const place = fc.record({
      backend: fc.constantFrom("wasm", "webgpu"),
      slotBytes: fc.option(fc.integer({ min: 1, max: 4e9 })),
    });
    fc.assert(
      fc.property(fc.array(rate), fc.array(place), fc.integer({ min: 1, max: 256 }), (measured, places, ceiling) => {
        const { widest, probes } = chooseWidth(measured, places, ceiling);
        expect(widest).toBeGreaterThanOrEqual(1);
        expect(widest).toBeLessThanOrEqual(widestThatFits(measured, places, ceiling));
        for (const probe of probes) expect(probe).toBeLessThan(widest);
      }),
    );
  });
});

describe("an estimate of memory", () => {
  const places = [{ backend: "wasm", slotBytes: 4000 }];
  const need = { sharedBytes: 1000, runBytes: 250 };

  test("is the first bound on the width, with a part of the slot kept free for what it lacks", () => {
    // 0.75 · 4000 − 1000 = 2000 bytes for runs of 250.
    expect(widestThatFits([], places, 64, need)).toBe(8);
    expect(chooseWidth([], places, 64, need)).toEqual({ widest: 8, probes: [4, 2] });
    expect(widestThatFits([], [{ backend: "wasm", slotBytes: null }], 64, need)).toBe(64);
    expect(widestThatFits([], [...places, { backend: "wasm", slotBytes: 2000 }], 64, need)).toBe(2);
    expect(widestThatFits([], places, 64, { sharedBytes: 9000, runBytes: 250 })).toBe(1);
  });

  test("gives way to what was measured on that backend", () => {
    const measured = rates({ 8: 5 }, { bytesPerRun: 100 });
    expect(widestThatFits(measured, places, 64, need)).toBe(40);
    expect(widestThatFits(measured, [{ backend: "tensorflow", slotBytes: 4000 }], 64, need)).toBe(8);
  });
});
