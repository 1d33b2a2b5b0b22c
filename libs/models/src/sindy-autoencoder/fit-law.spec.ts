import { LibraryParameters, type Configuration } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { buildLibrary, latentVariables } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { sindyPendulum, smallPendulum } from "../testing/small-experiments";
import { fitLaw } from "./fit-law";

beforeAll(async () => {
  await openBackend("wasm");
});

it("returns the law of a true coordinate, term by term", () => {
  const library = buildLibrary(LibraryParameters.parse({}), latentVariables(1, false));
  const z = Float32Array.from({ length: 200 }, (_, i) => 2.5 * Math.sin(0.7 * i));
  const top = z.map((value) => -Math.sin(value));
  const found = fitLaw(library, 1, { z, rate: new Float32Array(200), top }, 0.1);
  // z, z², z³, z⁴, sin z.
  expect([...found].map((value) => Math.abs(value) < 1e-12)).toEqual([true, true, true, true, false]);
  expect(found[4]).toBeCloseTo(-1, 5);
});

it("fits two equations with their velocities, and drops what is below the threshold", () => {
  const library = buildLibrary(LibraryParameters.parse({ polynomialDegree: 1, sine: false }), latentVariables(2, true));
  const [samples, width] = [150, 2];
  const z = Float32Array.from({ length: samples * width }, (_, i) => Math.sin(1.3 * i + (i % 2)));
  const rate = Float32Array.from({ length: samples * width }, (_, i) => Math.cos(2.1 * i));
  const top = Float32Array.from({ length: samples * width }, (_, i) => {
    const at = i - (i % 2);
    return i % 2 === 0 ? -2 * z[at]! + 0.02 * z[at + 1]! : 0.5 * z[at + 1]! - 0.3 * rate[at + 1]!;
  });
  const found = fitLaw(library, width, { z, rate, top }, 0.1);
  // Rows z1, z2, ż1, ż2; columns of both equations. What is left out of the first bends the rest by at most as much.
  const want = [
    [-2, 0],
    [0, 0.5],
    [0, 0],
    [0, -0.3],
  ];
  want.forEach((row, k) => row.forEach((value, e) => expect(Math.abs(found[2 * k + e]! - value)).toBeLessThan(0.02)));
  expect(found[2]).toBe(0);
});

it("leaves the law alone until the last block, and trains the networks on the images alone", async () => {
  const train = async (changes: Configuration) => {
    const parameters = smallPendulum({ procedure: "two-stage", blocks: 4, ...changes });
    return (await trainPack(sindyPendulum, [{ seed: 1, parameters }]))[0]!;
  };
  const [one, other] = [await train({}), await train({ lawWeight: 5, derivativeWeight: 7, lateLawWeight: 9, sparsityWeight: 1 })];
  expect(other.series["reconstructionLoss"]).toEqual(one.series["reconstructionLoss"]);
  const totals = one.series["loss"] ?? [];
  one.series["reconstructionLoss"]?.forEach(([, value], i) => expect(totals[i]?.[1]).toBe(value));
  expect((one.series["sparsity"] ?? []).slice(0, 3).map(([, value]) => value)).toEqual([0, 0, 0]);
  expect(one.result?.outcome).toBe("succeeded");
  expect(Object.keys(one.result?.labels ?? {})).not.toHaveLength(0);
});
