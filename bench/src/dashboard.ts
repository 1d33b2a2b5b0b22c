import { messageOf } from "@basin/contracts";
import { openBrowser } from "./dashboard-browser";
import { metricsToPixels } from "./dashboard-pixels";
import { seededSweep } from "./dashboard-sweep";
import { comparedCurves, plotPaints, tablePaints } from "./dashboard-views";
import { longVisit, type Visit } from "./dashboard-visit";
import { atLeast, atMost, figure, percentile, type BenchmarkOptions, type Check, type Figures } from "./report";
import type { Measurement, Rows } from "./report";
import { startWarmStack } from "./warm-stack";

/** What is measured of a name: samples, and the figure they give. A check is met when the figure keeps the bound. */
interface Bound {
  unit: string;
  most?: number;
  least?: number;
  value?: (samples: readonly number[]) => number;
}
const p95 = (samples: readonly number[]): number => percentile(samples, 0.95);
const bounds: Record<string, Bound> = {
  tableFirstPaintP95Milliseconds: { unit: "ms", most: 1000, value: p95 },
  slowestPlotMilliseconds: { unit: "ms", most: 2000 },
  compare1000CurvesMilliseconds: { unit: "ms", most: 1500 },
  framesPerSecond: { unit: "frames/s", least: 30, value: (samples) => Math.min(...samples) },
  tabMemoryMegabytes: { unit: "MB", most: 500 },
  metricToPixelP95Milliseconds: { unit: "ms", most: 500, value: p95 },
};

type Samples = Record<string, readonly number[]>;

/** Each part answers for the named figures. The first to run also asks an API that has just started. */
const parts: Record<string, { figures: readonly string[]; measure: (visit: Visit) => Promise<Samples> }> = {
  table: {
    figures: ["tableFirstPaintP95Milliseconds"],
    measure: async (visit) => ({ tableFirstPaintP95Milliseconds: await tablePaints(visit, visit.quick ? 10 : 20) }),
  },
  plots: {
    figures: ["slowestPlotMilliseconds"],
    measure: async (visit) => ({ slowestPlotMilliseconds: await plotPaints(visit, visit.quick ? 3 : 5) }),
  },
  compare: {
    figures: ["compare1000CurvesMilliseconds"],
    measure: async (visit) => ({ compare1000CurvesMilliseconds: await comparedCurves(visit, visit.quick ? 3 : 5) }),
  },
  visit: {
    figures: ["framesPerSecond", "tabMemoryMegabytes"],
    measure: async (visit) => {
      const { frames, megabytes } = await longVisit(visit);
      return { framesPerSecond: frames, tabMemoryMegabytes: megabytes === null ? [] : [megabytes] };
    },
  },
  live: {
    figures: ["metricToPixelP95Milliseconds"],
    measure: async (visit) => ({ metricToPixelP95Milliseconds: await metricsToPixels(visit, visit.quick ? 15 : 30) }),
  },
};
export const dashboardParts = Object.keys(parts);

/**
 * The dashboard over a finished sweep of 100,000 runs (`--quick`: 10,000) in headless Chromium, without a graphics card: the table of runs from an
 * empty page, every plot of the tabs from the press of the tab, 1,000 curves with bands, frames while a chart is brushed, the
 * tab's memory after all of it; then 1,000 live runs, from a point's publication to its picture. A part that fails leaves its
 * figures unmeasured, with the reason, and the others go on.
 */
export async function dashboard({ quick, keep, only }: BenchmarkOptions): Promise<Measurement> {
  const browser = await openBrowser();
  if (!browser) return unmeasured("no Chromium is installed: set BASIN_CHROMIUM to its path");
  const stack = await startWarmStack({ web: true, keep }).catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  try {
    const rows: Rows = [];
    const sweep = await seededSweep(stack, quick ? 10 : 100);
    rows.push({ what: sweep.kept ? "seeded before" : "seeded", ...sweep });
    const samples = new Map<string, readonly number[]>();
    const reasons = new Map<string, string>();
    for (const [name, { figures, measure }] of Object.entries(parts)) {
      if (only && !only.includes(name)) continue;
      const began = performance.now();
      try {
        for (const [key, values] of Object.entries(await measure({ browser, stack, sweep, quick, rows })))
          samples.set(key, values);
      } catch (error) {
        for (const key of figures) reasons.set(key, messageOf(error));
      }
      rows.push({ what: `measuring: ${name}`, seconds: Math.round((performance.now() - began) / 1000) });
    }
    return { ...judged(samples, reasons), rows, backend: "none" };
  } finally {
    await browser.close();
    await stack.stop();
  }
}

function judged(
  samples: ReadonlyMap<string, readonly number[]>,
  reasons: ReadonlyMap<string, string>,
): Pick<Measurement, "figures" | "checks"> {
  const figures: Figures = {};
  const checks = Object.entries(bounds).map(([name, { unit, most, least, value }]): Check => {
    const measured = samples.get(name);
    if (!measured || measured.length === 0) {
      const want = most === undefined ? `>= ${least ?? 0}` : `<= ${most}`;
      return { name, want, got: null, met: null, reason: reasons.get(name) ?? "not measured" };
    }
    const found = { ...figure(measured, unit), ...(value ? { value: value(measured) } : {}) };
    figures[name] = found;
    return most === undefined ? atLeast(name, found.value, least ?? 0) : atMost(name, found.value, most);
  });
  return { figures, checks };
}

function unmeasured(reason: string): Measurement {
  const reasons = new Map(Object.keys(bounds).map((name) => [name, reason]));
  return { ...judged(new Map(), reasons), rows: [], backend: "none" };
}
