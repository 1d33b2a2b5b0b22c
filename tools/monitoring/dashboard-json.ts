import type { Dashboard, Panel } from "./panels";

const datasource = { type: "prometheus", uid: "prometheus" };
const heights = { stat: 4, lines: 8 } as const;

/** Panels from left to right, a row as high as its highest. */
function placed(panels: readonly Panel[]): { panel: Panel; at: { x: number; y: number; w: number; h: number } }[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((panel) => {
    const h = heights[panel.kind];
    if (x + panel.width > 24) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const at = { x, y, w: panel.width, h };
    x += panel.width;
    rowHeight = Math.max(rowHeight, h);
    return { panel, at };
  });
}

/** A dashboard in Grafana's own JSON (schema version 40). */
export function dashboardJson({ uid, title, variable, panels }: Dashboard): string {
  const list = variable && [
    {
      name: variable.name,
      label: variable.name,
      type: "query",
      datasource,
      query: `label_values(${variable.series}, ${variable.name})`,
      refresh: 2,
      sort: 1,
    },
  ];
  const json = {
    uid,
    title,
    tags: ["basin"],
    timezone: "browser",
    schemaVersion: 40,
    version: 1,
    refresh: "5s",
    time: { from: "now-30m", to: "now" },
    ...(list === undefined ? {} : { templating: { list } }),
    panels: placed(panels).map(({ panel, at }, i) => ({
      id: i + 1,
      title: panel.title,
      type: panel.kind === "stat" ? "stat" : "timeseries",
      datasource,
      gridPos: at,
      fieldConfig: {
        defaults: {
          unit: panel.unit,
          ...(panel.title === "Best objective" ? {} : { min: 0 }),
          ...(panel.unit === "percentunit" ? { max: 1 } : {}),
        },
        overrides: [],
      },
      options:
        panel.kind === "stat"
          ? { reduceOptions: { calcs: ["lastNotNull"] } }
          : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
      targets: panel.queries.map(({ expr, legend }, j) => ({
        refId: String.fromCharCode(65 + j),
        datasource,
        expr,
        legendFormat: legend,
      })),
    })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
