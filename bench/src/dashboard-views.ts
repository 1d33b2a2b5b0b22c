import { firstPaint, plotTimes, withPage } from "./dashboard-browser";
import type { Visit } from "./dashboard-visit";

/** Every page begins with an empty cache. */
export async function tablePaints({ browser, stack, sweep, rows }: Visit, rounds: number): Promise<number[]> {
  const row = `main table a[href="/runs/${sweep.id}-0-0"]`;
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    samples.push(await withPage(browser, (page) => firstPaint(page, `${stack.web}/sweeps/${sweep.id}?tab=runs`, row)));
  rows.push({ what: "table of runs", milliseconds: samples.map(Math.round) });
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
export async function plotPaints({ browser, stack, sweep, rows }: Visit, rounds: number): Promise<number[]> {
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

export async function comparedCurves({ browser, stack, sweep, rows }: Visit, rounds: number): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { plots } = await withPage(browser, async (page) => {
      await page.goto(`${stack.web}/sweeps/${sweep.id}?groups=1000&band=ci`, { waitUntil: "load" });
      return plotTimes(page, "Curves");
    });
    samples.push(Math.max(...Object.values(plots)));
  }
  rows.push({ what: "1,000 curves with bands", milliseconds: samples.map(Math.round) });
  return samples;
}
