import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { extensionHash } from "./extension-hash";

const example = fileURLToPath(new URL("../../../../examples/damped-oscillator", import.meta.url));

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), "basin-extension-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(example, folder, { recursive: true });
  return folder;
}
const hashOf = (...folders: string[]): string | null => extensionHash(folders.map((folder) => join(folder, "index.js")));
const change = (path: string, from: string, to: string): void => {
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
};

test("there is none without extensions, and the same one wherever the files lie", () => {
  expect(extensionHash([])).toBeNull();
  expect(hashOf(copy())).toMatch(/^[0-9a-f]{8}$/);
  expect(hashOf(copy())).toBe(hashOf(example));
});

test("it follows every file that is named, through others and in a call of import, and no other", () => {
  for (const file of ["index.js", "oscillation.js", "oscillator-fit.js", "oscillator-network.js", "fit-family.js"]) {
    const folder = copy();
    writeFileSync(join(folder, "notes.js"), "export const unused = 1;");
    expect(hashOf(folder)).toBe(hashOf(example));
    writeFileSync(join(folder, file), `${readFileSync(join(folder, file), "utf8")}\nglobalThis.name = 1;\n`);
    expect(hashOf(folder), file).not.toBe(hashOf(example));
  }
});

test("it follows the version of a package that is imported, and a file that is read", () => {
  const folder = copy();
  mkdirSync(join(folder, "node_modules", "@someone", "sums"), { recursive: true });
  const manifest = join(folder, "node_modules", "@someone", "sums", "package.json");
  writeFileSync(manifest, JSON.stringify({ version: "1.0.0" }));
  writeFileSync(join(folder, "table.bin"), "1 2 3");
  change(
    join(folder, "index.js"),
    "import { oscillatorFit }",
    'import "@someone/sums/fast";\nconst table = new URL("./table.bin", import.meta.url);\nimport { oscillatorFit }',
  );
  const first = hashOf(folder);
  writeFileSync(join(folder, "table.bin"), "1 2 4");
  const second = hashOf(folder);
  writeFileSync(manifest, JSON.stringify({ version: "1.0.1" }));
  expect(new Set([hashOf(example), first, second, hashOf(folder)]).size).toBe(4);
});

test("the order of several does not matter", () => {
  const other = copy();
  change(join(other, "index.js"), "oscillatorFit(kit)", "oscillatorFit({ ...kit })");
  expect(hashOf(example, other)).toBe(hashOf(other, example));
  expect(hashOf(example, other)).not.toBe(hashOf(example));
});
