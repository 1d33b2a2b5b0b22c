import { BasinClient, call } from "@basin/client";
import { SweepSpec } from "@basin/contracts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { openBrowser, openPage } from "./harness/browser";
import { diagnosticRuns } from "./harness/specs";
import { completed, submit } from "./harness/sweep-facts";
import { soon } from "./harness/sweep-pages";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start({ trainers: 1, web: true }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});
beforeEach(() => stack.reportOnFailure());

/** Marks the document, so that a full reload would be noticed. */
const mark = (page: Page) => page.evaluate(() => document.documentElement.setAttribute("data-marked", "yes"));
const isMarked = (page: Page) => page.evaluate(() => document.documentElement.hasAttribute("data-marked"));

test("a page says since when it is stale while the API is away, and catches up by itself when it is back", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 6, steps: 100, secondsPerStep: 0.02 }));
  const { page } = await openPage(browser);
  await page.goto(`${stack.web}/sweeps/${id}`);
  await page.getByText("Live", { exact: true }).waitFor();
  await mark(page);
  const said: Promise<void> = page.getByRole("status").filter({ hasText: "Stale since" }).waitFor();
  await Promise.all([said, stack.killAndComeBack("api")]);
  await page.getByText("Live", { exact: true }).waitFor({ timeout: 60_000 });
  await completed(stack.api, id);
  await page.getByText("completed", { exact: true }).first().waitFor();
  await soon(() => page.locator("body").innerText(), "every run is counted").toMatch(/6 (of 6|finished)/);
  expect(await isMarked(page), "nothing was reloaded").toBe(true);
  expect(await page.getByRole("status").filter({ hasText: "Stale since" }).count()).toBe(0);
  await page.close();
});

test("what changes while a page is away is there when it is back: a sweep ends while the browser is offline", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 4, steps: 60, secondsPerStep: 0.05 }));
  const { page } = await openPage(browser);
  await page.goto(`${stack.web}/sweeps/${id}?tab=runs`);
  await page.getByText("Live", { exact: true }).waitFor();
  await mark(page);
  await page.context().setOffline(true);
  await completed(stack.api, id);
  await page.context().setOffline(false);
  await page.getByText("completed", { exact: true }).first().waitFor();
  await soon(() => page.getByRole("row").filter({ hasText: "finished" }).count()).toBe(4);
  expect(await isMarked(page)).toBe(true);
  await page.close();
});

test("a page that is scrolled stays where it is while runs come in", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 60, steps: 50, secondsPerStep: 0.01, maxPackWidth: 2 }));
  const { page } = await openPage(browser);
  await page.setViewportSize({ width: 390, height: 700 });
  await page.goto(`${stack.web}/sweeps/${id}`);
  await soon(async () => (await call(stack.api, "getSweep", { params: { sweep: id } })).counts.succeeded).toBeGreaterThan(4);
  await page.getByRole("tab", { name: "Overview" }).waitFor();
  await page.evaluate(() => scrollTo({ top: 600, behavior: "instant" }));
  // Where the first heading below the top of the window stands, twice a second while the rest of the sweep trains.
  const watched = await page.evaluateHandle(() => {
    const headings = [...document.querySelectorAll("main h2, main h3")];
    const first = headings.find((heading) => heading.getBoundingClientRect().top > 0);
    if (!first) throw new Error("nothing to watch");
    return first;
  });
  const places: number[] = [];
  for (let i = 0; i < 10; i++) {
    places.push(await watched.evaluate((heading) => Math.round(heading.getBoundingClientRect().top)));
    await sleep(500);
  }
  await completed(stack.api, id);
  expect(new Set(places).size, `places of the heading: ${places.join(", ")}`).toBe(1);
  await page.close();
});

test("a run on an uploaded table fits the window, and names the table by its file", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i / 7},${i / 3}`).join("\n");
  const table = new Blob([`x,y\n${rows}\n`]);
  const dataset = await new BasinClient({ url: stack.api }).upload("uploadDataset", { query: { name: "measured.csv" } }, table);
  const { id } = await submit(
    stack.api,
    SweepSpec.parse({
      experiment: "dataset-regression",
      space: {
        dataset: { type: "fixed", value: dataset.id },
        targets: { type: "fixed", value: ["y"] },
        epochs: { type: "fixed", value: 2 },
      },
      seeds: { count: 1 },
    }),
  );
  await completed(stack.api, id);
  const { page } = await openPage(browser);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${stack.web}/runs/${id}-0-0`);
    await page.getByRole("link", { name: "measured.csv" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width}`).toBe(width);
    const label = page.getByRole("rowheader", { name: "Hidden layers" });
    expect((await label.boundingBox())?.width, "the names have room for their words").toBeGreaterThan(100);
  }
  await page.close();
});
