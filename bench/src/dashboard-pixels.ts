import type { Page } from "playwright-core";
import { withPage } from "./dashboard-browser";
import { LiveRuns } from "./dashboard-live";
import type { Visit } from "./dashboard-visit";

const liveRuns = 1000;

/** From the publication of a point to the frame that shows it, on the sweep's curves with a line per run, and on the page of a run. */
export async function metricsToPixels({ browser, stack, rows }: Visit, seconds: number): Promise<number[]> {
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
    await live.stop(stack);
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
