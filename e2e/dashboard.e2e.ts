import { call } from "@basin/client";
import { SweepId } from "@basin/contracts";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from "vitest";
import { openBrowser, openPage } from "./harness/browser";
import { tabTo } from "./harness/keyboard";
import { diagnosticRuns } from "./harness/specs";
import { completed, runsTrain, submit, waitForSweep } from "./harness/sweep-facts";
import { ended, fixed, give, openedSweep, soon } from "./harness/sweep-pages";
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

async function watched(): ReturnType<typeof openPage> {
  const opened = await openPage(browser);
  onTestFailed(async () => {
    console.error(`${opened.page.url()}\n${opened.complaints.join("\n")}\n${await opened.page.locator("body").ariaSnapshot()}`);
  });
  return opened;
}

test("a person submits a sweep through the form, watches it finish, reads the grouped table and opens a run", async () => {
  const { page, complaints } = await watched();
  await page.goto(stack.web);
  await page.getByRole("link", { name: "New sweep" }).first().click();
  await page.waitForURL("**/sweeps/new");

  await page.getByRole("combobox", { name: "How Hidden layers is given" }).selectOption("Fixed");
  await page.getByRole("group", { name: "Hidden layers" }).getByRole("textbox").fill("8");
  await page.getByRole("combobox", { name: "How Epochs is given" }).selectOption("Fixed");
  await page
    .getByRole("group", { name: /^Epochs/ })
    .getByRole("textbox")
    .fill("150");
  await page.getByRole("textbox", { name: "How many" }).fill("4");
  await page.getByRole("textbox", { name: "Name" }).fill("From the form");
  const button = page.getByRole("button", { name: "Submit 12 runs" });
  await button.waitFor();
  await expect
    .poll(() => page.getByRole("complementary", { name: "Preview" }).innerText())
    .toMatch(/3 trials × 4 seeds = 12 runs/);
  await button.click();

  await page.waitForURL(/\/sweeps\/[0-9a-z]{8}$/);
  const id = SweepId.parse(page.url().split("/").at(-1));
  await page.getByRole("heading", { level: 1, name: "From the form" }).waitFor();
  // The page itself learns of the end: nothing is reloaded.
  await page.getByText("completed", { exact: true }).first().waitFor({ timeout: 60_000 });

  const results = await call(stack.api, "getResults", { params: { sweep: id }, query: {} });
  expect(results.groups.map((group) => group.group.activation).sort()).toEqual(["gelu", "relu", "tanh"]);
  await page.getByRole("tab", { name: "Initializations" }).click();
  const table = page.getByRole("region", { name: "Results by configuration" }).getByRole("table");
  await table.waitFor();
  for (const name of ["tanh", "relu", "gelu"])
    expect(await table.getByRole("row").filter({ hasText: name }).count()).toBeGreaterThan(0);
  await page.getByRole("tab", { name: "Curves" }).click();
  await expect.poll(() => page.locator("canvas").count(), { message: "a chart is drawn", timeout: 20_000 }).toBeGreaterThan(0);
  expect(new URL(page.url()).searchParams.get("tab"), "the address says what is shown").toBe("curves");

  await page.getByRole("tab", { name: "Runs" }).click();
  await page.getByRole("link", { name: /0-0$/ }).first().click();
  await page.waitForURL("**/runs/**");
  await page.getByText("finished", { exact: true }).first().waitFor();
  await expect
    .poll(() => page.locator("canvas").count(), { message: "the run's curves are drawn", timeout: 20_000 })
    .toBeGreaterThan(0);
  await page.getByRole("heading", { name: "Attempts" }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a grid over two parameters and ten seeds is described in the form and compared by configuration", async () => {
  const { page, complaints } = await watched();
  await page.goto(`${stack.web}/sweeps/new`);
  await page.getByRole("radio", { name: "Loss minimisation of a 2-D function" }).waitFor();
  await fixed(page, "Hidden layers", "8");
  await fixed(page, "Epochs", "20");
  await fixed(page, "Samples", "96");
  const rates = (await give(page, "Learning rate", "Sweep: list")).getByRole("combobox", { name: "Values of Learning rate" });
  for (const rate of ["0.002", "0.02"]) {
    await rates.fill(rate);
    await rates.press("Enter");
  }
  await page.getByRole("textbox", { name: "How many" }).fill("10");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Grid of two");
  const preview = page.getByRole("complementary", { name: "Preview" });
  await soon(() => preview.innerText()).toMatch(/× 10 seeds = \d+ runs/);
  const planned = Number(/= (\d+) runs/.exec(await preview.innerText())?.[1]);
  await page.getByRole("button", { name: `Submit ${planned} runs` }).click();
  const id = await openedSweep(page);
  await ended(page);

  const results = await call(stack.api, "getResults", { params: { sweep: id }, query: {} });
  expect(results.groupedBy.length).toBe(2);
  expect(results.groups.length * 10).toBe(planned);
  await page.getByRole("tab", { name: "Initializations" }).click();
  const table = page.getByRole("region", { name: "Results by configuration" }).getByRole("table");
  await table.waitFor();
  const rows = table.getByRole("row");
  await soon(() => rows.count()).toBe(results.groups.length + 1);
  // Best mean first, as the API ranks them.
  const first = results.groups[0]?.group ?? {};
  for (const value of Object.values(first)) expect(await rows.nth(1).innerText()).toContain(String(value));

  const together = page.getByRole("region", { name: "Predictions over seeds" });
  await together.getByRole("heading", { name: "Mean of 10 runs" }).waitFor();
  await together.getByRole("region", { name: "Spread over the runs" }).getByRole("figure").first().waitFor();

  await page.getByRole("tab", { name: "Parameters" }).click();
  const map = page.getByRole("figure", { name: /^Mean of/ });
  await map.getByRole("img").first().waitFor();
  await map.getByRole("button", { name: "Data" }).click();
  await soon(() => map.getByRole("table").getByRole("row").count()).toBeGreaterThan(2);
  expect(complaints).toEqual([]);
  await page.close();
});

test("a sweep is described, submitted and followed to a run with the keyboard only", async () => {
  const { page, complaints } = await watched();
  await page.goto(stack.web);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await tabTo(page, "New sweep");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sweeps/new");
  await page.getByRole("combobox", { name: "How Epochs is given" }).waitFor();
  const choose = async (title: string, how: string, value: string) => {
    await tabTo(page, `How ${title} is given`);
    await page.keyboard.type(how);
    await tabTo(page, title);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(value);
  };
  await choose("Hidden layers", "Fixed", "4");
  await choose("Epochs", "Fixed", "6");
  await tabTo(page, "How many");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("2");
  await tabTo(page, /^Submit \d+ runs$/);
  await page.keyboard.press("Enter");
  const id = await openedSweep(page);
  await ended(page);
  await tabTo(page, "Overview");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.getByRole("table").getByRole("link").first().waitFor();
  await tabTo(page, new RegExp(`^${id}-\\d+-\\d+$`));
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/runs/${id}-*`);
  await page.getByText("finished", { exact: true }).first().waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a sweep is pasted as JSON, mended in the form, and cloned without what was taken out", async () => {
  const { page, complaints } = await watched();
  await page.goto(`${stack.web}/sweeps/new`);
  await page.getByText("JSON", { exact: true }).click();
  const pasted = {
    ...diagnosticRuns({ runs: 2, steps: 1, secondsPerStep: 0 }),
    name: "Pasted",
    priority: 101,
    budget: { maxRuns: 2 },
  };
  await page.getByRole("textbox", { name: "Sweep as JSON" }).fill(JSON.stringify(pasted, null, 2));
  await page.getByText("Priority: must be at most 100, not 101", { exact: true }).waitFor();
  await page.getByText("Form", { exact: true }).click();
  await page.getByRole("textbox", { name: "Priority" }).fill("1");
  await page.getByRole("button", { name: "Submit 2 runs" }).click();
  const id = await openedSweep(page);
  expect((await call(stack.api, "getSweep", { params: { sweep: id } })).spec).toMatchObject({ ...pasted, priority: 1 });

  await page.goto(`${stack.web}/sweeps/new?from=${id}`);
  await page.getByRole("heading", { level: 1, name: "Clone of Pasted" }).waitFor();
  await page.getByRole("textbox", { name: "Most runs" }).fill("");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Unlimited");
  await page.getByRole("button", { name: "Submit 2 runs" }).click();
  await page.getByRole("heading", { level: 1, name: "Unlimited" }).waitFor();
  const copy = await call(stack.api, "getSweep", { params: { sweep: await openedSweep(page) } });
  expect(copy.spec).not.toHaveProperty("budget");
  expect(copy.spec.space).toEqual(pasted.space);
  expect(complaints).toEqual([]);
  await page.close();
});

test("form and YAML are two views of one sweep: what is written in one stands in the other", async () => {
  const { page, complaints } = await watched();
  await page.goto(`${stack.web}/sweeps/new`);
  const show = (view: string) => page.getByText(view, { exact: true }).first().click();
  await page.getByRole("combobox", { name: "How Epochs is given" }).selectOption("Fixed");
  const epochs = page.getByRole("group", { name: /^Epochs/ }).getByRole("textbox");
  await epochs.fill("77");
  await show("YAML");
  const text = page.getByRole("textbox", { name: "Sweep as YAML" });
  await soon(() => text.inputValue()).toMatch(/epochs:[^]*value: 77/);
  const before = await text.inputValue();
  await text.fill(before.replace("value: 77", "value: 91"));
  await show("Form");
  await soon(() => epochs.inputValue()).toBe("91");
  // What cannot be read is said with its line, and the form keeps what it said.
  await show("YAML");
  await text.fill(before.replace("value: 77", "value: [77"));
  await page
    .getByRole("button", { name: /^Line \d+/ })
    .first()
    .waitFor();
  await text.fill(before.replace("value: 77", "value: -5"));
  await soon(() => page.locator("main").innerText()).toMatch(/Line \d+[^]*epochs/);
  await show("JSON");
  await page.getByRole("textbox", { name: "Sweep as JSON" }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a sweep is paused, resumed and cancelled from its page", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 8, steps: 400, secondsPerStep: 0.05, maxPackWidth: 2 }));
  const { page, complaints } = await watched();
  await page.goto(`${stack.web}/sweeps/${id}`);
  await runsTrain(stack.api, id);
  await page.getByRole("button", { name: "Pause" }).click();
  await waitForSweep(stack.api, id, ({ state, counts }) => state === "paused" && counts.running === 0, {
    timeoutSeconds: 15,
    what: "the sweep is paused",
  });
  await page.getByText("paused", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await runsTrain(stack.api, id);
  await page.getByRole("button", { name: "Cancel" }).click();
  const confirm = page.getByRole("dialog").getByRole("button", { name: /cancel/i });
  await confirm.first().click();
  await waitForSweep(stack.api, id, ({ state }) => state === "cancelled", { timeoutSeconds: 15, what: "the sweep is cancelled" });
  await page.getByText("cancelled", { exact: true }).first().waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a sweep that is opened at its runs arrives with the first rows in the HTML", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 3, steps: 1, secondsPerStep: 0 }));
  await completed(stack.api, id);
  const opened = async (query: string, headers: Record<string, string> = { accept: "text/html" }) => {
    const answer = await fetch(`${stack.web}/sweeps/${id}${query}`, { headers });
    expect(answer.status).toBe(200);
    // What scripts carry is no row yet.
    return (await answer.text()).replaceAll(/<script\b[\s\S]*?<\/script>/g, "");
  };
  const html = await opened("?tab=runs");
  const rows = html.match(/<tr[\s\S]*?<\/tr>/g) ?? [];
  for (const seed of [0, 1, 2]) {
    const row = rows.find((one) => one.includes(`href="/runs/${id}-0-${seed}"`));
    expect(row, `run ${seed} stands in the document`).toContain("finished");
  }
  for (const query of ["", "?tab=curves", "?tab=runs&state=failed"])
    expect(await opened(query), `nothing is read ahead for "${query}"`).not.toContain(`/runs/${id}-0-0`);

  const { page, complaints } = await watched();
  await page.route("**/api/v1/sweeps/*/runs**", () => undefined);
  await page.goto(`${stack.web}/sweeps/${id}?tab=runs`);
  await page.getByRole("link", { name: `${id}-0-2` }).waitFor();
  await page.waitForLoadState();
  expect(complaints, "the browser finds the document as it would have drawn it").toEqual([]);
  await page.close();
});

test("a tab whose code cannot be loaded says so, and comes when it is tried again", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 1, steps: 1, secondsPerStep: 0 }));
  const { page } = await watched();
  await page.goto(`${stack.web}/sweeps/${id}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const code = "**/_next/static/chunks/**";
  await page.route(code, (route) => route.abort());
  await page.getByRole("tab", { name: "Curves" }).click();
  const again = page.getByRole("button", { name: /again|reload/i }).first();
  await again.waitFor();
  await page.unroute(code);
  await again.click();
  await page.getByRole("tab", { name: "Curves" }).and(page.locator("[aria-selected=true]")).waitFor();
  await page.getByRole("tabpanel", { name: "Curves" }).getByRole("combobox").first().waitFor();
  await page.close();
});

test("what is wrong in the form is said beside its field, and nothing can be submitted", async () => {
  const { page } = await watched();
  await page.goto(`${stack.web}/sweeps/new`);
  await page.getByRole("combobox", { name: "How Epochs is given" }).selectOption("Fixed");
  const epochs = page.getByRole("group", { name: /^Epochs/ });
  await epochs.getByRole("textbox").fill("-3");
  await expect.poll(() => epochs.innerText()).toMatch(/at least 1|>= ?1|greater/i);
  expect(await page.getByRole("button", { name: /^Submit/ }).isDisabled()).toBe(true);
  await page.close();
});

test("a sweep and a run that do not exist are said to be missing", async () => {
  const { page } = await watched();
  await page.goto(`${stack.web}/sweeps/zzzzzzzz`);
  await page
    .getByText(/no sweep|not found|does not exist/i)
    .first()
    .waitFor();
  await page.goto(`${stack.web}/runs/zzzzzzzz-0-0`);
  await page
    .getByText(/no run|not found|does not exist/i)
    .first()
    .waitFor();
  await page.close();
});
