import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readSweep } from "./sweep-file";

const folder = fileURLToPath(new URL("../../../examples/sweeps/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

test("there are examples", () => {
  expect(files.length).toBeGreaterThan(3);
});

test.each(files)("%s is a sweep of several initializations", async (name) => {
  const spec = await readSweep(`${folder}${name}`, []);
  expect(spec.name).not.toBe("");
  expect(spec.seeds).toMatchObject({ count: expect.any(Number) as number });
});
