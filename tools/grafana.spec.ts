import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".spec.ts"))
    .map((path) => readFileSync(join(root, folder, path), "utf8"));
}

test("every series that the Grafana dashboard asks for is exported by the api or a trainer", () => {
  const code = [...sources("apps/api/src"), ...sources("apps/trainer/src")].join("\n");
  const exported = new Set([...code.matchAll(/"(basin_[a-z_]+)"/g)].map((match) => match[1]));
  const dashboard = readFileSync(join(root, "infra/grafana/dashboards/basin.json"), "utf8");
  const asked = new Set([...dashboard.matchAll(/\bbasin_[a-z_]+/g)].map((match) => match[0].replace(/_(bucket|sum|count)$/, "")));
  expect(asked.size).toBeGreaterThan(10);
  expect([...asked].filter((name) => !exported.has(name))).toEqual([]);
});
