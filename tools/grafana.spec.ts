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

/** Series that the dashboard does not show, each with the reason. */
const notShown = {
  basin_leader: "a state for alerts (none, or two, for minutes); over time it is a line at 1",
  basin_packs_published_total: "the same as granted runs over the mean pack width, both of which are shown",
  basin_trainer_runs_total: "the API's counts of committed and lost runs are those of the ledger",
  basin_trainer_metric_points_total: "shown as the points that were committed",
  basin_trainer_checkpoints_total: "for a look at one trainer's uploads that fail",
};

test("the Grafana dashboard asks for series that the api or a trainer exports, and for all of them but those named here", () => {
  const code = [...sources("apps/api/src"), ...sources("apps/trainer/src")].join("\n");
  const exported = new Set([...code.matchAll(/"(basin_[a-z]+(?:_[a-z]+)*)"/g)].map((match) => match[1]));
  const dashboard = readFileSync(join(root, "infra/grafana/dashboards/basin.json"), "utf8");
  const asked = new Set([...dashboard.matchAll(/\bbasin_[a-z_]+/g)].map((match) => match[0].replace(/_(bucket|sum|count)$/, "")));
  expect(asked.size).toBeGreaterThan(10);
  expect([...asked].filter((name) => !exported.has(name))).toEqual([]);
  expect([...exported].filter((name) => !asked.has(name ?? "")).sort(), "shown nowhere").toEqual(Object.keys(notShown).sort());
});
