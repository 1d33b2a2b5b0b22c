import type { Browser, Page } from "playwright-core";
import { framesDuring, plotTimes, tabMegabytes, withPage } from "./dashboard-browser";
import type { SeededSweep } from "./dashboard-sweep";
import type { Rows } from "./report";
import type { WarmStack } from "./warm-stack";

/** What every part of the measurement works on. */
export interface Visit {
  browser: Browser;
  stack: WarmStack;
  sweep: SeededSweep;
  quick: boolean;
  rows: Rows;
}

/** All tabs in one page, brushing on the way; what the tab then holds. */
export async function longVisit({ browser, stack, sweep, rows }: Visit): Promise<{ frames: number[]; megabytes: number | null }> {
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
    const axes = page.locator("main [data-axis]").first();
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
      : [box.x + box.width / 2, box.y + box.height * (0.25 + 0.5 * share)];
  await page.mouse.move(...at(0));
  if (pressed) await page.mouse.down();
  const moves = 120;
  for (let i = 1; i <= moves; i += 1) {
    await page.mouse.move(...at(0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (moves * 0.8))));
    await page.waitForTimeout(12);
  }
  if (pressed) await page.mouse.up();
}
