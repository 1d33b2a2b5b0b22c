import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hash128 } from "./hash-128";
import type { WidthChoice } from "./pack-width";
import { choosePacks, evenWidths, isolationStrikes, packKeyOf, targetPackWidth } from "./packing";

test.each([
  ["", "00000000000000000000000000000000"],
  ["The quick brown fox jumps over the lazy dog", "2f1583c3ecee2c675d7bf66ce5e91d2c"],
])("hash of %j is the published one", (text, hash) => {
  expect(hash128(text)).toBe(hash);
});

describe("packKeyOf", () => {
  const parameters = { hiddenLayers: [64, 32], activation: "tanh", learningRate: 0.001, epochs: 10 };
  const key = packKeyOf("loss-minimization", 1, parameters, ["learningRate"]);

  test("is the same for runs that differ in per-run parameters or in the order of parameters", () => {
    expect(packKeyOf("loss-minimization", 1, { ...parameters, learningRate: 0.01 }, ["learningRate"])).toBe(key);
    const reordered = Object.fromEntries(Object.entries(parameters).reverse());
    expect(packKeyOf("loss-minimization", 1, reordered, ["learningRate"])).toBe(key);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
  });

  test("differs for another experiment, version or shared value", () => {
    const others = [
      packKeyOf("logic-gates", 1, parameters, ["learningRate"]),
      packKeyOf("loss-minimization", 2, parameters, ["learningRate"]),
      packKeyOf("loss-minimization", 1, { ...parameters, hiddenLayers: [6, 432] }, ["learningRate"]),
      packKeyOf("loss-minimization", 1, { ...parameters, hiddenLayers: [32, 64] }, ["learningRate"]),
      packKeyOf("loss-minimization", 1, { ...parameters, epochs: 11 }, ["learningRate"]),
      packKeyOf("loss-minimization", 1, parameters, []),
      packKeyOf("loss-minimization", 1, parameters, ["learningRate", "epochs"]),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });

  test("is frozen: runs that wait in a ledger are packed with those planned after an upgrade", () => {
    expect(key).toMatchInlineSnapshot(`"02dfd0dbf289ae0263fabd1953ce69ea"`);
  });
});

const upTo = (widest: number) => (): WidthChoice => ({ widest, probes: [] });

describe("choosePacks", () => {
  const run = fc.record({ packKey: fc.constantFrom("a", "b", "c"), strikes: fc.nat(4) });
  const input = fc.record({
    ready: fc.array(run, { maxLength: 200 }),
    slots: fc.nat(8),
    maxWidth: fc.integer({ min: 1, max: 64 }),
  });

  test("puts every run into exactly one pack of one key, no wider than allowed, as even as can be", () => {
    fc.assert(
      fc.property(input, ({ ready, slots, maxWidth }) => {
        const packs = choosePacks(ready, { slots, widthOf: upTo(maxWidth) });
        const placed = packs.flat();
        expect(placed.length).toBe(ready.length);
        expect(new Set(placed)).toEqual(new Set(ready));
        const target = targetPackWidth(ready.length, slots, maxWidth);
        const widths = new Map<string, number[]>();
        for (const pack of packs) {
          expect(new Set(pack.map((r) => r.packKey)).size).toBe(1);
          expect(pack.length).toBeLessThanOrEqual(Math.min(target, maxWidth));
          const first = pack[0];
          if (!first || first.strikes >= isolationStrikes) expect(pack.length).toBe(1);
          else widths.set(first.packKey, [...(widths.get(first.packKey) ?? []), pack.length]);
        }
        for (const group of widths.values()) expect(Math.max(...group) - Math.min(...group)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("a pool of two slots shares the demo's three keys of fifteen runs", () => {
    const ready = Array.from({ length: 45 }, (_, i) => ({ packKey: `k${i % 3}`, strikes: 0 }));
    expect(choosePacks(ready, { slots: 2, widthOf: upTo(64) }).map((pack) => pack.length)).toEqual([8, 8, 8, 7, 7, 7]);
    expect(choosePacks(ready, { slots: 2, widthOf: upTo(1) }).length).toBe(45);
    expect(choosePacks(ready, { slots: 0, widthOf: upTo(64) }).map((pack) => pack.length)).toEqual([15, 15, 15]);
    expect(choosePacks([], { slots: 2, widthOf: upTo(64) })).toEqual([]);
  });

  test("keeps the order of runs of one key", () => {
    const ready = Array.from({ length: 10 }, (_, i) => ({ packKey: "k", strikes: 0, i }));
    expect(choosePacks(ready, { slots: 1, widthOf: upTo(4) }).map((pack) => pack.map((r) => r.i))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
  });

  test("no run waits for company: one alone is a pack, whatever its key is worth", () => {
    const lone = { packKey: "k", strikes: 0 };
    const widthOf = (): WidthChoice => ({ widest: 64, probes: [32, 16] });
    expect(choosePacks([lone], { slots: 8, widthOf })).toEqual([[lone]]);
  });

  test("nobody is overtaken for ever: packs come in the order of their first runs, isolated ones too", () => {
    const ready = [
      { packKey: "a", strikes: 0, i: 0 },
      { packKey: "b", strikes: 0, i: 1 },
      { packKey: "a", strikes: 2, i: 2 },
      ...Array.from({ length: 100 }, (_, i) => ({ packKey: "a", strikes: 0, i: 3 + i })),
    ];
    const packs = choosePacks(ready, { slots: 1, widthOf: upTo(10) });
    expect(packs.slice(0, 3).map((pack) => pack[0]?.i)).toEqual([0, 1, 2]);
    const firsts = packs.map((pack) => pack[0]?.i ?? -1);
    expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
  });

  test("narrower widths are tried only where runs are left in plenty", () => {
    const widthOf = (): WidthChoice => ({ widest: 8, probes: [4, 2] });
    const widths = (runs: number) =>
      choosePacks(
        Array.from({ length: runs }, () => ({ packKey: "k", strikes: 0 })),
        { slots: 1, widthOf },
      ).map((pack) => pack.length);
    expect(widths(31)).toEqual([8, 8, 8, 7]);
    expect(widths(32)).toEqual([4, 2, 7, 7, 6, 6]);
  });

  test("a key whose wide packs failed is packed narrower, the others are not", () => {
    const run = (packKey: string, maxWidth: number | null) => ({ packKey, strikes: 0, maxWidth });
    const ready = [run("a", 3), run("a", null), run("a", 2), run("a", null), ...Array.from({ length: 4 }, () => run("b", null))];
    const packs = choosePacks(ready, { slots: 1, widthOf: upTo(8) });
    expect(packs.map((pack) => [pack[0]?.packKey, pack.length])).toEqual([
      ["a", 2],
      ["a", 2],
      ["b", 4],
    ]);
    expect(choosePacks([run("a", 1), run("a", 1)], { slots: 0, widthOf: upTo(8) }).length).toBe(2);
  });

  test("runs with two strikes go alone, those with one do not", () => {
    const ready = [0, 2, 1, 3].map((strikes) => ({ packKey: "k", strikes }));
    expect(choosePacks(ready, { slots: 1, widthOf: upTo(8) }).map((pack) => pack.map((r) => r.strikes))).toEqual([
      [0, 1],
      [2],
      [3],
    ]);
  });

  test("widths", () => {
    expect([
      targetPackWidth(45, 2, 64),
      targetPackWidth(1000, 2, 64),
      targetPackWidth(0, 2, 64),
      targetPackWidth(1, 2, 64),
    ]).toEqual([12, 64, 1, 1]);
    expect([evenWidths(10, 4), evenWidths(4, 4), evenWidths(0, 4)]).toEqual([[4, 3, 3], [4], []]);
  });
});
