import type { Plugin } from "esbuild";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { buildId } from "./build-id.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** As if the file that ends like this were another. Fails when it is not read. */
function edited(file: string, edit: (text: string) => string): { plugins: Plugin[]; read: string[] } {
  const read: string[] = [];
  const plugin: Plugin = {
    name: "edited",
    setup(context) {
      context.onLoad({ filter: new RegExp(`${file.replaceAll(".", "\\.")}$`) }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        const contents = edit(text);
        if (contents === text) throw new Error(`${file} is as it was`);
        read.push(path);
        return { contents, loader: "ts" };
      });
    },
  };
  return { plugins: [plugin], read };
}

const doesMore = (text: string): string => `${text}\nglobalThis.name = "other";`;

describe("the id of a build", () => {
  it("is the same in another place, at another time", async () => {
    const copy = mkdtempSync(join(tmpdir(), "basin another place "));
    onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
    cpSync(join(root, "package-lock.json"), join(copy, "package-lock.json"));
    cpSync(join(root, "tools"), join(copy, "tools"), { recursive: true });
    mkdirSync(join(copy, "node_modules", "@basin"), { recursive: true });
    symlinkSync(join(root, "node_modules", "esbuild"), join(copy, "node_modules", "esbuild"));
    for (const name of readdirSync(join(root, "libs"))) {
      const library = join(root, "libs", name);
      const keep = (path: string): boolean => !path.slice(library.length).includes("node_modules") && !path.endsWith(".spec.ts");
      cpSync(library, join(copy, "libs", name), { recursive: true, filter: keep });
      symlinkSync(join(copy, "libs", name), join(copy, "node_modules", "@basin", name));
    }
    const there = (await import(pathToFileURL(join(copy, "tools", "build-id.mjs")).href)) as typeof import("./build-id.mjs");
    const id = await buildId();
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(await there.buildId()).toBe(id);
  });

  it.each([
    ["a kernel", "libs/engine/src/generated/kernels.ts", (text: string) => text.replace('"AGFzbQ', '"AGFzbR')],
    ["an operation", "libs/engine/src/ops/dense.ts", doesMore],
    ["a family", "libs/models/src/create-pack-program.ts", doesMore],
    ["a problem", "libs/problems/src/loss-landscape.ts", doesMore],
    ["the random streams", "libs/numerics/src/philox.ts", (text: string) => text.replace(/0x[0-9a-f]{8}/i, "0x12345678")],
    [
      "a default of a parameter",
      "libs/contracts/src/families/mlp.ts",
      (text: string) => text.replace(".default(", ".default(0 ?? "),
    ],
  ])("is another one after %s changed", async (_what, file, edit) => {
    const { plugins, read } = edited(file, edit);
    expect(await buildId({ plugins })).not.toBe(await buildId());
    expect(read.length).toBeGreaterThan(0);
  });

  it("is another one with another package that computes", async () => {
    const { plugins } = edited("libs/engine/src/index.ts", (text) => `${text}\nexport { other } from "@tensorflow/tfjs-layers";`);
    expect(await buildId({ plugins })).not.toBe(await buildId());
  });

  it("stays with comments and the layout of a file", async () => {
    const { plugins, read } = edited(
      "libs/engine/src/ops/dense.ts",
      (text) => `// Said otherwise.\n\n${text.replaceAll("\n", "\n\n")}`,
    );
    expect(await buildId({ plugins })).toBe(await buildId());
    expect(read.length).toBeGreaterThan(0);
  });
});
