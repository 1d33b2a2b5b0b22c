import { ExperimentDescriptor } from "@basin/contracts";
import { configurationOf, describeExperiment, type ExperimentDefinition } from "@basin/problems";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trainPack } from "./testing/recorded-pack";
import { openSuiteBackend } from "./testing/suite-backend";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(join(root, "docs/how-to/add-a-problem.md"), "utf8");
const source = /<!-- executed by libs\/models\/src\/add-a-problem\.spec\.ts -->\s*```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

/** Where packages resolve as in the workspace and git looks away. */
mkdirSync(join(root, ".nx"), { recursive: true });
const folder = mkdtempSync(join(root, ".nx", "how-to-"));

beforeAll(openSuiteBackend);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the how-to's own example has a descriptor, trains, and meets its criterion from three starts", async () => {
  expect(source).toContain("export const projectileRange");
  const file = join(folder, "projectile-range.ts");
  writeFileSync(file, source.replaceAll('from "../', `from "${join(root, "libs/problems/src")}/`));
  const { projectileRange: definition } = (await import(/* @vite-ignore */ file)) as { projectileRange: ExperimentDefinition };
  const descriptor = describeExperiment(definition);
  expect(ExperimentDescriptor.parse(JSON.parse(JSON.stringify(descriptor)))).toEqual(descriptor);
  expect(definition.check?.(descriptor.defaults)).toEqual([]);
  const parameters = configurationOf(definition, {});
  const recordings = await trainPack(
    definition,
    [1, 2, 3].map((seed) => ({ seed, parameters })),
  );
  for (const { result } of recordings) {
    expect(result?.metrics["rmse"]).toBeLessThanOrEqual(definition.success?.all[0]?.value ?? Number.NaN);
    expect(result?.artifacts.map(({ name }) => name)).toEqual(["weights.safetensors", "plots/fit.json"]);
  }
  const [other] = await trainPack(definition, [{ seed: 1, parameters: { ...parameters, epochs: 1 } }]);
  expect(other?.result?.metrics["rmse"]).toBeGreaterThan(0.3);
});
