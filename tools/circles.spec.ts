import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { findCircles } from "./circles.mjs";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

async function circlesIn(files: Record<string, string>) {
  const base = mkdtempSync(join(tmpdir(), "circles-"));
  made.push(base);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), text);
  }
  return findCircles(["libs"], base, ["libs"]);
}

it("finds a circle of types alone, over any number of files", async () => {
  const { circles, files } = await circlesIn({
    "libs/a.ts": `import type { B } from "./b";\nexport interface A { b: B }\n`,
    "libs/b.ts": `import { type C } from "./deep/c";\nexport interface B { c: C }\n`,
    "libs/deep/c.tsx": `import type { A } from "../a";\nexport interface C { a: A }\n`,
  });
  expect(files).toBe(3);
  expect(circles.map((circle) => [...new Set(circle)].sort())).toEqual([["libs/a.ts", "libs/b.ts", "libs/deep/c.tsx"]]);
});

it("finds one through a list of exports, and none where imports go one way", async () => {
  const index = `export { one } from "./one";\n`;
  const tangled = {
    "libs/index.ts": index,
    "libs/one.ts": `import { one as again } from "./index";\nexport const one = () => again;\n`,
  };
  expect((await circlesIn(tangled)).circles).toHaveLength(1);
  const straight = { "libs/index.ts": index, "libs/one.ts": `export const one = 1;\n` };
  expect((await circlesIn(straight)).circles).toEqual([]);
});

it("says which imports of our own it could not follow, instead of seeing less in silence", async () => {
  const { unresolved } = await circlesIn({
    "libs/a.ts": `import { b } from "./b";\nimport { c } from "@basin/nothing";\nexport const a = [b, c];\n`,
  });
  expect(unresolved).toEqual(["libs/a.ts: ./b", "libs/a.ts: @basin/nothing"]);
});

it("finds a circle of folders whose files make none, over any number of folders, and leaves out what specs import", async () => {
  const files = {
    "libs/a/one.ts": `import { two } from "../b/two";\nexport const one = two;\n`,
    "libs/b/two.ts": `export const two = 2;\n`,
    "libs/b/three.ts": `import type { Four } from "../c/deep/four";\nexport type Three = Four;\n`,
    "libs/c/deep/four.ts": `export type Four = 4;\n`,
    "libs/c/five.spec.ts": `import { one } from "../a/one";\nexport const five = one;\n`,
  };
  expect((await circlesIn(files)).folders).toEqual([]);
  const back = {
    "libs/c/six.ts": `import { seven } from "../a/seven";\nexport const six = seven;\n`,
    "libs/a/seven.ts": `export const seven = 7;\n`,
  };
  const { circles, folders } = await circlesIn({ ...files, ...back });
  expect(circles).toEqual([]);
  expect(folders).toEqual([
    ["libs/a/one.ts → libs/b/two.ts", "libs/b/three.ts → libs/c/deep/four.ts", "libs/c/six.ts → libs/a/seven.ts"],
  ]);
});
