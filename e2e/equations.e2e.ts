import { SweepId } from "@basin/contracts";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openPage } from "./harness/browser";
import { completed, runsOf } from "./harness/sweep-facts";
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

test("a person types an equation, sees what is wrong at its character, submits it and sees the solution", async () => {
  stack.reportOnFailure();
  const { page, complaints } = await openPage(browser);
  await page.goto(`${stack.web}/sweeps/new?experiment=equation`);
  const start = page.getByRole("combobox", { name: "Start from" });
  await start.selectOption("Van der Pol's oscillator");
  const line = (name: string) => page.getByRole("textbox", { name, exact: true });
  await expect.poll(() => line("Equations 1").inputValue()).toContain("u_tt");

  // A decay instead, with a slip in it.
  await line("Equations 1").fill("u_t = -2*w");
  await page.getByRole("button", { name: "Remove Conditions 2" }).click();
  await line("Coordinates 1").fill("t in [0, 1]");
  await expect.poll(() => page.locator("mark").innerText()).toBe("w");
  await page.getByText('Character 10: there is no "w" here').waitFor();
  await line("Equations 1").fill("u_t = -2*u");
  await expect.poll(() => page.locator("mark").count()).toBe(0);
  await page.locator("fieldset").filter({ hasText: "Equations" }).locator(".katex").first().waitFor();

  const epochs = page.getByRole("group", { name: /^Epochs/ }).getByRole("textbox");
  await epochs.fill("400");
  const button = page.getByRole("button", { name: /^Submit \d+ runs$/ });
  await button.waitFor();
  await button.click();
  await page.waitForURL(/\/sweeps\/[0-9a-z]{8}$/);
  const id = SweepId.parse(page.url().split("/").at(-1));
  await completed(stack.api, id);
  const runs = await runsOf(stack.api, id);
  for (const run of runs) expect(run.metrics["relativeL2"]).toBeLessThan(0.1);

  await page.goto(`${stack.web}/runs/${runs[0]?.id ?? ""}`);
  const plots = page.getByRole("region", { name: "Plots" });
  await plots.getByText("Solution", { exact: true }).first().waitFor();
  await plots.scrollIntoViewIfNeeded();
  await expect
    .poll(() => plots.locator(".scatterlayer .trace").count(), {
      message: "the known and the learned solution are drawn",
      timeout: 20_000,
    })
    .toBe(2);
  expect(complaints).toEqual([]);
});
