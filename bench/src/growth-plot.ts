import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { openBrowser, openPage } from "./dashboard-browser";
import type { Figures } from "./report";

const file = fileURLToPath(new URL("../../docs/performance-growth.svg", import.meta.url));
const size = { width: 760, height: 420 };

export interface GrowthRow {
  width: number;
  epochMilliseconds: Figures[string];
  sweepSecondsPerRun: Figures[string];
}

/** What runs inside the page. */
declare const Plotly: {
  toImage(figure: object, options: { format: "svg"; width: number; height: number }): Promise<string>;
};

/** Draws the table with Plotly in headless Chromium into docs/. Resolves to the file's name there; null when no Chromium is installed. */
export async function drawGrowth(rows: readonly GrowthRow[]): Promise<string | null> {
  const browser = await openBrowser();
  if (!browser) return null;
  try {
    const page = await openPage(browser);
    await page.addScriptTag({
      content: readFileSync(createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min"), "utf8"),
    });
    const first = (of: (row: GrowthRow) => Figures[string]): number => (rows[0] ? (of(rows[0]).value ?? 1) : 1);
    const trace = (name: string, of: (row: GrowthRow) => Figures[string]) => {
      const alone = first(of);
      const relative = (value: number | null): number | null => (value === null ? null : value / alone);
      const y = rows.map((row) => relative(of(row).value));
      return {
        type: "scatter",
        mode: "lines+markers",
        name,
        x: rows.map(({ width }) => width),
        y,
        error_y: {
          type: "data",
          symmetric: false,
          array: rows.map((row, i) => (relative(of(row).max) ?? 0) - (y[i] ?? 0)),
          arrayminus: rows.map((row, i) => (y[i] ?? 0) - (relative(of(row).min) ?? 0)),
        },
      };
    };
    const image = await page.evaluate(
      ({ data, layout, width, height }) => Plotly.toImage({ data, layout }, { format: "svg", width, height }),
      {
        data: [
          trace("an epoch in a pack of n, one core", (row) => row.epochMilliseconds),
          trace("a sweep of n runs, submit to last commit, two slots", (row) => row.sweepSecondsPerRun),
        ],
        layout: {
          title: { text: "Time per run against n = 1 (bars: least and greatest)" },
          xaxis: {
            type: "log",
            title: { text: "n" },
            tickvals: rows.map(({ width }) => width),
            ticktext: rows.map(({ width }) => String(width)),
          },
          yaxis: { type: "log", title: { text: "time per run / time of one alone" } },
          legend: { orientation: "h", y: -0.25 },
          margin: { l: 70, r: 20, t: 50, b: 60 },
        },
        ...size,
      },
    );
    writeFileSync(file, decodeURIComponent(image.replace(/^data:image\/svg\+xml,/, "")));
    return "docs/performance-growth.svg";
  } finally {
    await browser.close();
  }
}
