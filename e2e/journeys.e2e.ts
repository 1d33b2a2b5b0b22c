import { call } from "@basin/client";
import { randomStream } from "@basin/numerics";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from "vitest";
import { openBrowser, openPage } from "./harness/browser";
import { diagnosticRuns, smallNetworks, smallPendulums } from "./harness/specs";
import { completed, submit } from "./harness/sweep-facts";
import { ended, fixed, openedSweep, soon } from "./harness/sweep-pages";
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

/** A page of its own; at the end of the journey the browser must have had nothing to complain about. */
async function journey(walk: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = await openPage(browser);
  onTestFailed(async () => {
    console.error(`${page.url()}\n${complaints.join("\n")}\n${await page.locator("body").ariaSnapshot()}`);
  });
  await walk(page);
  expect(complaints).toEqual([]);
  await page.close();
}

/** Counts what a person presses. */
function presses(): { count: number; on: (target: Locator) => Promise<void> } {
  const counted = {
    count: 0,
    on: async (target: Locator) => {
      await target.click();
      counted.count += 1;
    },
  };
  return counted;
}

test("a first visit ends with a first result, with one press of a button", () =>
  journey(async (page) => {
    await page.goto(stack.web);
    await page.getByRole("button", { name: "Run a first sweep" }).click();
    const id = await openedSweep(page);
    await page.getByRole("tab", { name: "Curves" }).click();
    await soon(() => page.locator("main canvas").count(), "curves are drawn").toBeGreaterThan(0);
    // The header names the best run as soon as one has ended.
    const best = page.getByRole("definition").getByRole("link").first();
    await best.waitFor({ timeout: 240_000 });
    await best.click();
    await page.waitForURL(`**/runs/${id}-*`);
    await page.getByText("finished", { exact: true }).first().waitFor();
    // The next journeys need the trainer.
    await call(stack.api, "cancelSweep", { params: { sweep: id } });
  }));

test("the recovery table of a SINDy sweep is read off: classes, equations and the rate", async () => {
  const { id } = await submit(stack.api, smallPendulums());
  await journey(async (page) => {
    await page.goto(`${stack.web}/sweeps/${id}?tab=initializations`);
    await completed(stack.api, id);
    await ended(page);
    const distribution = await call(stack.api, "getDistribution", { params: { sweep: id }, query: {} });
    const runs = distribution.groups.reduce((sum, { counts }) => sum + counts.succeeded + counts.diverged, 0);
    expect(distribution.groups.length).toBe(2);
    expect(runs).toBe(6);

    const outcomes = page.getByRole("figure", { name: /^Outcome\./ });
    await outcomes.getByRole("button", { name: "Data" }).click();
    const data = outcomes.getByRole("table");
    const classes = distribution.groups.flatMap((group) => group.classes["outcomeClass"]?.counts ?? []);
    expect(classes.reduce((sum, count) => sum + count, 0)).toBe(6);
    const cells = data.locator("tbody tr td:not(:first-child)");
    await soon(
      async () => (await cells.allInnerTexts()).map(Number).reduce((sum, count) => sum + count, 0),
      "every run is in a class",
    ).toBe(6);

    const equations = page.getByRole("region", { name: "Discovered equations" }).getByRole("table");
    // Active terms, an equation with these, runs.
    const counts = equations.locator("tbody tr td:nth-child(3)");
    await soon(
      async () => (await counts.allInnerTexts()).map(Number).reduce((sum, n) => sum + n, 0),
      "every run's equation",
    ).toBe(distribution.groups.reduce((sum, { counts: { succeeded } }) => sum + succeeded, 0));
    await soon(() => equations.locator(".katex").count(), "equations are typeset").toBeGreaterThan(0);

    const rated = page.getByRole("region", { name: "Results by configuration" }).getByRole("table");
    await soon(() => rated.innerText()).toMatch(/0\s%\s\[0\s%, \d+\s%\]/);
  });
});

test("a failure is found by its reason, and retried", async () => {
  const { id } = await submit(
    stack.api,
    diagnosticRuns({
      runs: 4,
      steps: 3,
      secondsPerStep: 0,
      retryLimit: 0,
      space: { failOnAttempts: { type: "choice", values: [0, 1] } },
    }),
  );
  await journey(async (page) => {
    await page.goto(stack.web);
    await page.getByRole("link", { name: "diagnostic runs", exact: true }).click();
    const failures = page.getByRole("region", { name: "Failures", exact: true });
    const reasons = failures.getByRole("region", { name: "Reasons of failures" });
    await reasons.waitFor({ timeout: 60_000 });
    await soon(() => failures.innerText()).toMatch(/4 failed/);
    await reasons.getByRole("link").first().click();
    await page.waitForURL(`**/runs/${id}-*`);
    await page.getByText("failed", { exact: true }).first().waitFor();
    await page.goBack();
    await failures.getByRole("button", { name: "Retry failed" }).click();
    await soon(() => failures.innerText()).toMatch(/Every run that finished has a result/);
    const sweep = await completed(stack.api, id);
    expect(sweep.counts).toMatchObject({ succeeded: 8, failed: 0 });
    await ended(page);
  });
});

test("two sweeps are compared, and whoever opens the address sees the same", async () => {
  const [first, second] = await Promise.all([
    submit(stack.api, smallNetworks({ name: "Left", epochs: 8, seeds: 2 })),
    submit(stack.api, smallNetworks({ name: "Right", epochs: 16, seeds: 2 })),
  ]);
  await Promise.all([completed(stack.api, first.id), completed(stack.api, second.id)]);
  let address = "";
  let shown = "";
  const metrics = (page: Page) => page.getByRole("region", { name: "Metrics" }).getByRole("table");
  await journey(async (page) => {
    await page.goto(stack.web);
    for (const name of ["Left", "Right"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("link", { name: "Compare 2" }).click();
    await page.waitForURL("**/compare?**");
    await page.getByRole("combobox", { name: "Band" }).selectOption("middle half");
    await soon(() => page.url()).toContain("band=iqr");
    await page.locator("main canvas").first().waitFor();
    const other = page.getByRole("button", { name: /^Make .* the baseline$/ });
    const chosen = /^Make (.*) the baseline$/.exec((await other.getAttribute("aria-label")) ?? "")?.[1] ?? "";
    await other.click();
    await page.getByText(`baseline: ${chosen}`).waitFor();
    address = page.url();
    shown = await metrics(page).innerText();
    expect(await page.getByRole("region", { name: "Parameters" }).first().innerText()).toMatch(/Epochs/);
  });
  await journey(async (page) => {
    await page.goto(address);
    await soon(() => metrics(page).innerText()).toBe(shown);
    expect(await page.getByRole("combobox", { name: "Band" }).inputValue()).toBe("iqr");
    await page.locator("main canvas").first().waitFor();
  });
});

test("a trainer that is drained hands its work back, and takes it up again when it is let", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 2, steps: 400, secondsPerStep: 0.02 }));
  await journey(async (page) => {
    await page.goto(`${stack.web}/trainers`);
    const packs = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: id, exact: true }) });
    await soon(() => packs.last().innerText(), "what it trains and how far it is").toMatch(/1 run of .*, step [1-9]/);
    await page.getByRole("button", { name: "Drain trainer-1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Drain", exact: true }).click();
    await page.getByText("draining", { exact: true }).waitFor();
    await soon(() => packs.count(), "everything is handed back").toBe(0);
    await page.getByRole("button", { name: "Let trainer-1 take packs again" }).click();
    await page.getByText("online", { exact: true }).waitFor();
    const { counts } = await completed(stack.api, id);
    expect(counts.succeeded).toBe(2);
  });
});

test("a sweep ends with its budget, says so, and goes on with a larger one", async () => {
  const { id } = await submit(stack.api, { ...diagnosticRuns({ runs: 6, steps: 3, secondsPerStep: 0 }), budget: { maxRuns: 4 } });
  await completed(stack.api, id);
  await journey(async (page) => {
    await page.goto(`${stack.web}/sweeps/${id}`);
    const budget = page.getByRole("region", { name: "Budget", exact: true });
    await soon(() => budget.innerText()).toMatch(/the search goes on no further[^]*4 of 4/);
    await page.getByRole("button", { name: "Extend …" }).click();
    await page.getByRole("textbox", { name: "Most runs" }).fill("5");
    await page.getByRole("dialog").getByRole("button", { name: "Extend", exact: true }).click();
    await soon(() => budget.innerText(), "the page follows").toMatch(/5 of 5/);
    const { counts } = await completed(stack.api, id);
    expect(counts).toMatchObject({ planned: 5, succeeded: 5 });
  });
});

test("a file is uploaded and swept over", () =>
  journey(async (page) => {
    const draws = randomStream(5, "e2e-journeys");
    const rows = Array.from({ length: 80 }, (_, i) => {
      const [length, mass] = [1 + draws.uniform(2 * i), 2 + 5 * draws.uniform(2 * i + 1)];
      return `${length},${mass},${3 * length - 0.5 * mass}`;
    });
    const file = join(stack.directory, "springs.csv");
    writeFileSync(file, `length,mass,period\n${rows.join("\n")}\n`);
    const began = performance.now();
    const pressed = presses();
    await page.goto(stack.web);
    await pressed.on(page.getByRole("link", { name: "Datasets" }));
    // Choosing a file in the browser's own dialog is one.
    await page.getByLabel("Files to upload").setInputFiles(file);
    pressed.count += 1;
    await page.getByRole("status").filter({ hasText: "is there: 80 rows" }).waitFor();
    await pressed.on(page.getByRole("link", { name: "springs.csv" }).first());
    await pressed.on(page.getByRole("link", { name: "Predict numbers" }));
    // The last column of numbers is the guess, which needs no change here.
    const targets = page.getByRole("group", { name: "Targets", exact: true }).first();
    await soon(() => targets.getByRole("checkbox", { name: "period" }).isChecked()).toBe(true);
    await fixed(page, "Hidden layers", "8");
    await fixed(page, "Epochs", "60");
    await page.getByRole("textbox", { name: "How many" }).fill("2");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Springs");
    await pressed.on(page.getByRole("button", { name: /^Submit \d+ runs$/ }));
    const id = await openedSweep(page);
    await ended(page);
    const { counts, best } = await call(stack.api, "getSweep", { params: { sweep: id } });
    expect(counts.failed).toBe(0);
    expect(best).not.toBeNull();
    await page.getByRole("heading", { name: "Answer" }).waitFor();
    expect(pressed.count).toBeLessThanOrEqual(8);
    console.info(`CSV to result: ${pressed.count} presses, ${((performance.now() - began) / 1000).toFixed(0)} s`);
    // Of a run: what was predicted against what was measured.
    await page.goto(`${stack.web}/runs/${best?.run ?? ""}`);
    await page
      .getByRole("figure", { name: /^Predicted against measured/ })
      .first()
      .waitFor();
    await page.getByRole("link", { name: "Datasets" }).click();
    await page.getByRole("link", { name: "springs.csv" }).click();
    await page.getByRole("link", { name: "Springs", exact: true }).waitFor();
  }));

test("a figure for a paper takes four presses from the first page, and states n, centre and band", async () => {
  const { id } = await submit(stack.api, smallNetworks({ name: "For a paper", epochs: 8, seeds: 3 }));
  await completed(stack.api, id);
  await journey(async (page) => {
    const began = performance.now();
    const pressed = presses();
    await page.goto(stack.web);
    await pressed.on(page.getByRole("link", { name: "For a paper", exact: true }));
    // The answer stands on the first screen.
    const answer = await page.getByRole("heading", { name: "Answer" }).boundingBox();
    expect(answer?.y ?? Infinity).toBeLessThan(page.viewportSize()?.height ?? 0);
    await pressed.on(page.getByRole("tab", { name: "Curves" }));
    await pressed.on(page.getByRole("button", { name: /^Figure of/ }));
    const dialog = page.getByRole("dialog", { name: /^Figure:/ });
    await dialog.getByRole("img").waitFor();
    expect(await dialog.getByRole("textbox", { name: "Caption" }).inputValue()).toMatch(/n = 3 per line.*Band: 95 % confidence/);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      pressed.on(dialog.getByRole("button", { name: "Save SVG" })),
    ]);
    const path = join(stack.directory, "figure.svg");
    await saved.saveAs(path);
    expect(readFileSync(path, "utf8")).toMatch(/width="80mm"/);
    expect(pressed.count).toBeLessThanOrEqual(4);
    console.info(`figure for a paper: ${pressed.count} presses, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  });
});
