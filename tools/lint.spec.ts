import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "basin-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rules that lint finds broken in a file of this text. */
function brokenIn(text: string): string[] {
  const file = join(folder, "fixture.ts");
  writeFileSync(file, text);
  const { stdout, stderr } = spawnSync("npx", ["--no-install", "oxlint", "--format=json", file], { cwd: root, encoding: "utf8" });
  expect(stderr).toBe("");
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => code).sort();
}

it("lint reads types: what only they show is found, and nothing in a file that is right", () => {
  expect(
    brokenIn(`
      async function later(): Promise<number> { return 1; }
      export function forgets(): void { later(); }
      export function trusts(x: any): string { const y: string = x; return y; }
      export function doubts(n: string): string { return n!; }
      export const all = (kind: "a" | "b"): number => { switch (kind) { case "a": return 1; } return 2; };
    `),
  ).toEqual([
    "typescript(no-explicit-any)",
    "typescript(no-floating-promises)",
    "typescript(no-non-null-assertion)",
    "typescript(no-unnecessary-type-assertion)",
    "typescript(no-unsafe-assignment)",
    "typescript(switch-exhaustiveness-check)",
  ]);
  expect(brokenIn("export const double = (x: number): number => 2 * x;\n")).toEqual([]);
});
