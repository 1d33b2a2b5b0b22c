import { createProjectGraphAsync } from "@nx/devkit";
import nx from "@nx/eslint-plugin";
import parser from "@typescript-eslint/parser";
import { ESLint } from "eslint";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { boundaries } from "./boundaries.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const rule = "@nx/enforce-module-boundaries";

/** Lints one import as if it stood in `file`, with the boundary rule alone. */
async function lintImport(file: string, imported: string): Promise<(string | null)[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ["**/*.{ts,tsx}"],
        languageOptions: { parser },
        plugins: { "@nx": nx as never },
        rules: { [rule]: ["error", boundaries] },
      },
    ],
  });
  const [result] = await eslint.lintText(`import * as imported from "${imported}";\nexport const used = imported;\n`, {
    filePath: `${root}/${file}`,
  });
  return (result?.messages ?? []).map((message) => message.ruleId);
}

/** The fixture that must fail: if the rule became a no-op (no graph, a wrong tag, a renamed library), these would pass. */
const forbidden = [
  ["libs/contracts/src/fixture.ts", "@basin/numerics"],
  ["libs/domain/src/fixture.ts", "@basin/messaging"],
  ["libs/search/src/fixture.ts", "@basin/database"],
  ["libs/ui/src/fixture.tsx", "@basin/database"],
  ["apps/web/fixture.tsx", "@basin/database"],
  ["apps/web/fixture.tsx", "@basin/numerics"],
  ["apps/api/src/fixture.ts", "@basin/models"],
  ["apps/api/src/fixture.ts", "@basin/engine"],
  ["apps/trainer/src/fixture.ts", "@basin/database"],
  ["apps/trainer/src/fixture.ts", "@basin/search"],
] as const;

const allowed = [
  ["libs/domain/src/fixture.ts", "@basin/contracts"],
  ["apps/api/src/fixture.ts", "@basin/search"],
  ["apps/trainer/src/fixture.ts", "@basin/models"],
  ["apps/web/fixture.tsx", "@basin/ui"],
] as const;

describe("module boundaries", () => {
  // The rule reads the graph that Nx keeps; without it, it would skip in silence.
  beforeAll(async () => {
    process.env["NX_DAEMON"] = "false";
    await createProjectGraphAsync({ exitOnError: false });
  }, 60_000);

  it.each(forbidden)("%s must not import %s", async (file, imported) => {
    expect(await lintImport(file, imported)).toContain(rule);
  });
  it.each(allowed)("%s may import %s", async (file, imported) => {
    expect(await lintImport(file, imported)).not.toContain(rule);
  });
});
