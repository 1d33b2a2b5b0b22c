import { DatasetId, type DatasetContent } from "@basin/contracts";
import { openBackend, type ProgramResult } from "@basin/engine";
import { configurationOf, findExperiment } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { createPackProgram } from "../create-pack-program";

beforeAll(() => openBackend("wasm"));

const id = DatasetId.parse("ab".repeat(32));
const rows = 50;

/** x, y = 2x, and a column that differs in row 22 alone, which is a test row of split 0. */
function table(usual: number, other: number, y = (i: number): number => i / 5): DatasetContent {
  const column = (name: string, at: (i: number) => number) => ({
    name,
    type: "number" as const,
    values: Float64Array.from({ length: rows }, (_, i) => at(i)),
    categories: [],
  });
  const columns = [column("x", (i) => i / 10), column("c", (i) => (i === 22 ? other : usual)), column("y", y)];
  return { id, name: "nc.csv", rows, columns, arrays: [] };
}

async function trained(content: DatasetContent, hiddenLayers: number[] = []): Promise<Record<string, number | null>> {
  const definition = findExperiment("dataset-regression");
  if (!definition) throw new Error("no regression");
  const parameters = configurationOf(definition, { dataset: id, targets: ["y"], hiddenLayers, epochs: 200 });
  const results: ProgramResult[] = [];
  const program = await createPackProgram(
    definition.id,
    [{ index: 0, attempt: 1, seed: 0, parameters, checkpoint: null }],
    { metric: () => undefined, finished: (_, result) => void results.push(result) },
    { dataset: () => content },
  );
  while (await program.advance());
  program.dispose();
  return results[0]?.metrics ?? {};
}

describe("a column that is constant on the training rows", () => {
  it.each([
    [1, 1],
    [1, 2],
    [0.1, 0.2],
    [0.7, 0.8],
  ])("does not ruin the test: %f, on one test row %f", async (usual, other) => {
    const { testRmse, testRSquared } = await trained(table(usual, other));
    // 1.15 and 0.81 with the column constant throughout; standardized with a scale of 1e-17 it was 9·10¹⁴ and −10²⁹.
    expect(testRmse).toBeGreaterThan(0.8);
    expect(testRmse).toBeLessThan(1.6);
    expect(testRSquared).toBeGreaterThan(0.65);
  });

  it("as the target leaves R² undefined, and the network learns the constant", async () => {
    for (const value of [3, 0.7]) {
      const { testRmse, testRSquared } = await trained(
        table(1, 1, () => value),
        [8],
      );
      expect(testRSquared).toBeNaN();
      expect(testRmse).toBeLessThan(0.5);
    }
  });
});
