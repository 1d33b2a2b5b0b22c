import { apiSeries, trainerSeries } from "@basin/contracts";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { dashboardJson } from "./monitoring/dashboard-json";
import { dashboards } from "./monitoring/dashboards";

const infra = fileURLToPath(new URL("../infra", import.meta.url));
const everySeries = [...Object.values(apiSeries), ...Object.values(trainerSeries)];

/** What an expression asks for, by the names that the lists have. */
const askedBy = (text: string): string[] =>
  [...text.matchAll(/\bbasin_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ""));

/** `npx vitest run --project unit tools/grafana.spec.ts -u` writes them. */
test.each(Object.entries(dashboards))(
  "the dashboard %s is the one that is made from the list of series",
  async (name, dashboard) => {
    const file = `${infra}/grafana/dashboards/${name}.json`;
    const text = await format(dashboardJson(dashboard), { ...(await resolveConfig(file)), parser: "json" });
    await expect(text).toMatchFileSnapshot(file);
  },
);

test("dashboards show every series that the api or a trainer tells, and there are no others", () => {
  const shown = new Set(
    Object.values(dashboards).flatMap(({ panels }) =>
      panels.flatMap(({ queries }) => queries.flatMap(({ expr }) => askedBy(expr))),
    ),
  );
  expect(everySeries.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  expect(readdirSync(`${infra}/grafana/dashboards`).sort()).toEqual(
    Object.keys(dashboards)
      .map((name) => `${name}.json`)
      .sort(),
  );
});

test("names end with their unit, or with _total where they only grow, and are told once", () => {
  expect(everySeries.filter(({ name, type }) => name.endsWith("_total") !== (type === "counter"))).toEqual([]);
  expect(new Set(everySeries.map(({ name }) => name)).size).toBe(everySeries.length);
});

test("rules ask for series that there are", () => {
  const known = new Set<string>(everySeries.map(({ name }) => name));
  const asked = askedBy(readFileSync(`${infra}/prometheus/rules.yml`, "utf8"));
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

test("of every alert it is said what it means and what to do", () => {
  const alerts = [...readFileSync(`${infra}/prometheus/rules.yml`, "utf8").matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const page = readFileSync(`${infra}/../docs/operate/what-to-watch.md`, "utf8");
  expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(alerts);
});
