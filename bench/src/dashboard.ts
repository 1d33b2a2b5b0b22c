import type { Browser, Page } from "playwright-core";
import { firstPaint, framesDuring, openBrowser, openPage, plotTimes, tabMegabytes } from "./dashboard-browser";
import { LiveRuns } from "./dashboard-live";
import { seedSweep, type SeededSweep } from "./dashboard-sweep";
import { atLeast, atMost, figure, percentile, type Measurement } from "./report";
import { startWarmStack, type WarmStack } from "./warm-stack";

const bounds = {
  tableFirstPaintP95Milliseconds: 1000,
  slowestPlotMilliseconds: 2000,
  compare1000CurvesMilliseconds: 1500,
  framesPerSecond: 30,
  tabMemoryMegabytes: 500,
  metricToPixelP95Milliseconds: 500,
};
const liveRuns = 1000;
type Rows = Record<string, unknown>[];

/**
 * The dashboard over a finished sweep of 100,000 runs (`--quick`: 10,000) in headless Chromium, without a graphics card: the table of runs from an
 * empty page, every plot of the tabs from the press of the tab, 1,000 curves with bands, frames while a chart is brushed, the
 * tab's memory after all of it; then 1,000 live runs, from a point's publication to its picture.
 */
export async function dashboard({ quick }: { quick: boolean }): Promise<Measurement> {
  const browser = await openBrowser();
  if (!browser) {
    const reason = "no Chromium is installed: set BASIN_CHROMIUM to its path";
    const checks = Object.keys(bounds).map((name) => ({ name, want: "measured", got: null, met: null, reason }));
    return { figures: {}, checks, rows: [], backend: "none" };
  }
  const stack = await startWarmStack({ web: true }).catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  try {
    const sweep = await seedSweep(stack, quick ? 10 : 100);
    const rows: Rows = [{ what: "seeded", ...sweep }];
    const rounds = quick ? 3 : 5;
    const table = await tablePaints(browser, stack, sweep, quick ? 10 : 20);
    const plots = await plotPaints(browser, stack, sweep, rounds, rows);
    const compared = await comparedCurves(browser, stack, sweep, rounds);
    const { frames, megabytes } = await longVisit(browser, stack, sweep, rows);
    const live = await metricsToPixels(browser, stack, quick ? 15 : 45, rows);
    const tableSpread = figure(table, "ms");
    const liveSpread = figure(live, "ms");
    const figures = {
      tableFirstPaintP95Milliseconds: { ...tableSpread, value: percentile(table, 0.95) },
      slowestPlotMilliseconds: figure(plots, "ms"),
      compare1000CurvesMilliseconds: figure(compared, "ms"),
      framesPerSecond: { ...figure(frames, "frames/s"), value: Math.min(...frames) },
      ...(megabytes === null ? {} : { tabMemoryMegabytes: figure([megabytes], "MB") }),
      metricToPixelP95Milliseconds: { ...liveSpread, value: percentile(live, 0.95) },
    };
    return {
      figures,
      checks: [
        atMost(
          "tableFirstPaintP95Milliseconds",
          figures.tableFirstPaintP95Milliseconds.value,
          bounds.tableFirstPaintP95Milliseconds,
        ),
        atMost("slowestPlotMilliseconds", figures.slowestPlotMilliseconds.value, bounds.slowestPlotMilliseconds),
        atMost(
          "compare1000CurvesMilliseconds",
          figures.compare1000CurvesMilliseconds.value,
          bounds.compare1000CurvesMilliseconds,
        ),
        atLeast("framesPerSecond", figures.framesPerSecond.value, bounds.framesPerSecond),
        atMost("tabMemoryMegabytes", megabytes, bounds.tabMemoryMegabytes),
        atMost("metricToPixelP95Milliseconds", figures.metricToPixelP95Milliseconds.value, bounds.metricToPixelP95Milliseconds),
      ],
      rows,
      backend: "none",
    };
  } finally {
    await browser.close();
    await stack.stop();
  }
}

async function withPage<T>(browser: Browser, act: (page: Page) => Promise<T>): Promise<T> {
  const page = await openPage(browser);
  try {
    return await act(page);
  } finally {
    await page.close();
  }
}

/** The first is also the API's first read of the sweep; every page begins with an empty cache. */
async function tablePaints(browser: Browser, stack: WarmStack, sweep: SeededSweep, rounds: number): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const row = `main table a[href="/runs/${sweep.id}-0-0"]`;
    samples.push(await withPage(browser, (page) => firstPaint(page, `${stack.web}/sweeps/${sweep.id}?tab=runs`, row)));
  }
  return samples;
}

/** What is looked at: a tab, and what its address asks for beyond the default. */
const views = [
  { tab: "Curves", query: "" },
  { tab: "Curves", query: "by=learningRate" },
  { tab: "Curves", query: "view=runs" },
  { tab: "Parameters", query: "" },
  { tab: "Parameters", query: "per=run" },
  { tab: "Initializations", query: "" },
  { tab: "Initializations", query: "by=lawWeight" },
];

/** Per round the slowest of all plots. */
async function plotPaints(browser: Browser, stack: WarmStack, sweep: SeededSweep, rounds: number, rows: Rows): Promise<number[]> {
  const times = new Map<string, number[]>();
  const slowest: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let worst = 0;
    for (const { tab, query } of views) {
      const { plots, settled } = await withPage(browser, async (page) => {
        await page.goto(`${stack.web}/sweeps/${sweep.id}?${query}`, { waitUntil: "load" });
        return plotTimes(page, tab);
      });
      if (Object.keys(plots).length === 0) throw new Error(`${tab} drew nothing`);
      for (const [name, time] of [...Object.entries(plots), ["everything", settled] as const]) {
        const key = `${tab}${query === "" ? "" : ` (${query})`}: ${name}`;
        times.set(key, [...(times.get(key) ?? []), Math.round(time)]);
      }
      worst = Math.max(worst, ...Object.values(plots));
    }
    slowest.push(worst);
  }
  for (const [plot, milliseconds] of times) rows.push({ plot, milliseconds });
  return slowest;
}

async function comparedCurves(browser: Browser, stack: WarmStack, sweep: SeededSweep, rounds: number): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { plots } = await withPage(browser, async (page) => {
      await page.goto(`${stack.web}/sweeps/${sweep.id}?groups=1000&band=ci`, { waitUntil: "load" });
      return plotTimes(page, "Curves");
    });
    samples.push(Math.max(...Object.values(plots)));
  }
  return samples;
}

/** All tabs in one page, brushing on the way; what the tab then holds. */
async function longVisit(
  browser: Browser,
  stack: WarmStack,
  sweep: SeededSweep,
  rows: Rows,
): Promise<{ frames: number[]; megabytes: number | null }> {
  return withPage(browser, async (page) => {
    await page.goto(`${stack.web}/sweeps/${sweep.id}?groups=1000`, { waitUntil: "load" });
    const frames: number[] = [];
    const measure = async (what: string, act: () => Promise<void>): Promise<void> => {
      const rate = await framesDuring(page, act);
      rows.push({ what, framesPerSecond: Number(rate.toFixed(1)) });
      frames.push(rate);
    };
    await plotTimes(page, "Curves");
    const chart = page.locator("main .u-over").first();
    await measure("pointing along 1,000 curves", () => strokes(page, chart, false));
    await measure("brushing 1,000 curves to zoom", () => strokes(page, chart, true));
    await plotTimes(page, "Parameters");
    const axes = page.locator("main .parcoords").first();
    await measure("brushing parallel coordinates", () => strokes(page, axes, true, "down"));
    await plotTimes(page, "Initializations");
    const runs = page.getByRole("tab", { name: "Runs" });
    await runs.click();
    const view = page.getByRole("region", { name: "Runs" }).last();
    await view.waitFor();
    await view.hover();
    await measure("scrolling the table of runs", async () => {
      for (let i = 0; i < 60; i += 1) {
        await page.mouse.wheel(0, 400);
        await page.waitForTimeout(16);
      }
    });
    return { frames, megabytes: await tabMegabytes(browser) };
  });
}

/** Moves the pointer over a drawing for about two seconds, to and fro; with the button down it brushes. */
async function strokes(
  page: Page,
  target: ReturnType<Page["locator"]>,
  pressed: boolean,
  direction: "across" | "down" = "across",
): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error("what is to be brushed is not on the page");
  const at = (share: number): [number, number] =>
    direction === "across"
      ? [box.x + box.width * (0.15 + 0.7 * share), box.y + box.height / 2]
      : [box.x + 80, box.y + box.height * (0.25 + 0.5 * share)];
  await page.mouse.move(...at(0));
  if (pressed) await page.mouse.down();
  const moves = 120;
  for (let i = 1; i <= moves; i += 1) {
    await page.mouse.move(...at(0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (moves * 0.8))));
    await page.waitForTimeout(12);
  }
  if (pressed) await page.mouse.up();
}

/** From the publication of a point to the frame that shows it, on the sweep's curves with a line per run, and on the page of a run. */
async function metricsToPixels(browser: Browser, stack: WarmStack, seconds: number, rows: Rows): Promise<number[]> {
  const live = await LiveRuns.start(stack, liveRuns);
  try {
    live.report();
    const pages = {
      "curves, a line per run": `/sweeps/${live.sweep}?tab=curves&view=runs`,
      "the run's page": `/runs/${live.watched}`,
    };
    const all: number[] = [];
    for (const [what, path] of Object.entries(pages)) {
      const samples = await withPage(browser, (page) => drawnPoints(page, `${stack.web}${path}`, live, seconds));
      rows.push({ what: `metric to pixel: ${what}`, liveRuns, milliseconds: samples.map(Math.round) });
      all.push(...samples);
    }
    return all;
  } finally {
    await live.stop();
  }
}

/**
 * Every point of the watched run lengthens its line by one: the first frame behind a drawing of a line of k points shows step k. The
 * first seconds, in which the page reads what came before, do not count.
 */
async function drawnPoints(page: Page, url: string, live: LiveRuns, seconds: number): Promise<number[]> {
  await page.addInitScript(() => {
    window.benchDraws = [];
    const lengths = new WeakMap<Path2D, number>();
    const lineTo: (x: number, y: number) => void = Reflect.get(Path2D.prototype, "lineTo");
    Path2D.prototype.lineTo = function (x, y) {
      lengths.set(this, (lengths.get(this) ?? 0) + 1);
      Reflect.apply(lineTo, this, [x, y]);
    };
    const stroke: (...path: Path2D[]) => void = Reflect.get(CanvasRenderingContext2D.prototype, "stroke");
    let longest = 0;
    CanvasRenderingContext2D.prototype.stroke = function (...path: Path2D[]) {
      Reflect.apply(stroke, this, path);
      const points = (path[0] && lengths.get(path[0])) ?? 0;
      if (points <= longest) return;
      longest = points;
      requestAnimationFrame(() => window.benchDraws.push({ at: performance.timeOrigin + performance.now(), points }));
    };
  });
  await page.goto(url, { waitUntil: "load" });
  await page.waitForFunction(() => window.benchDraws.length > 3);
  const from = Math.max(...live.sentAt.keys()) + 1;
  await page.waitForTimeout(seconds * 1000);
  const draws = await page.evaluate(() => window.benchDraws);
  const samples: number[] = [];
  for (const [step, sent] of live.sentAt) {
    const shown = draws.find(({ points, at }) => points >= step && at > sent);
    if (step >= from && shown) samples.push(shown.at - sent);
  }
  if (samples.length === 0) throw new Error(`no point was drawn on ${url}`);
  return samples;
}
