import { call } from "@basin/client";
import axe, { type AxeResults } from "axe-core";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openBrowser } from "./harness/browser";
import { diagnosticRuns, smallNetworks, smallPendulums } from "./harness/specs";
import { completed, submit } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

const firstLoadKilobytes = 250;
let stack: TestStack;
let browser: Browser;
/** By name, the path of every page. */
let pages: Record<string, string> = {};

/** Every page that the navigation leads to. */
function pagesOfNavigation(): Record<string, string> {
  const text = readFileSync(new URL("../apps/web/src/features/layout/pages.json", import.meta.url), "utf8");
  return Object.fromEntries((JSON.parse(text) as { name: string; path: string }[]).map(({ name, path }) => [name, path]));
}

beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start({ trainers: 1, web: true }), openBrowser()]);
  const [networks, pendulums, failures] = await Promise.all([
    submit(stack.api, smallNetworks({ epochs: 5, seeds: 2 })),
    submit(stack.api, smallPendulums()),
    submit(
      stack.api,
      diagnosticRuns({
        runs: 2,
        steps: 2,
        secondsPerStep: 0,
        retryLimit: 0,
        space: { failOnAttempts: { type: "fixed", value: 1 } },
      }),
    ),
  ]);
  const file = join(stack.directory, "table.csv");
  writeFileSync(file, "a,b\n1,2\n3,4\n5,6\n");
  const added = await stack.basin(["dataset", "add", file, "--json"]);
  const { id: dataset } = JSON.parse(added.stdout) as { id: string };
  const [{ best }] = await Promise.all([
    completed(stack.api, pendulums.id).then(() => call(stack.api, "getSweep", { params: { sweep: pendulums.id } })),
    completed(stack.api, networks.id),
    completed(stack.api, failures.id),
  ]);
  const sweep = `/sweeps/${pendulums.id}`;
  pages = {
    ...pagesOfNavigation(),
    "new sweep from another": `/sweeps/new?from=${networks.id}`,
    overview: sweep,
    "overview with failures": `/sweeps/${failures.id}`,
    curves: `${sweep}?tab=curves`,
    parameters: `/sweeps/${networks.id}?tab=parameters`,
    initializations: `${sweep}?tab=initializations`,
    execution: `${sweep}?tab=execution`,
    runs: `${sweep}?tab=runs`,
    run: `/runs/${best?.run ?? `${pendulums.id}-0-0`}`,
    "compare, not empty": `/compare?groups=${networks.id}&groups=${pendulums.id}`,
    experiment: "/experiments/sindy-pendulum",
    dataset: `/datasets/${dataset}`,
    "a sweep that does not exist": "/sweeps/zzzzzzzz",
  };
}, 180_000);
afterAll(async () => {
  await browser.close();
  await stack.close();
});
beforeEach(() => stack.reportOnFailure());

/** Nothing is being read or drawn any more. */
async function settled(page: Page): Promise<void> {
  await page.locator("main").locator("h1, h2, [role=alert]").first().waitFor();
  await page.waitForFunction(() => {
    const main = document.querySelector("main");
    if (!main || main.querySelector("[aria-busy=true], .mantine-Skeleton-root") !== null) return false;
    return [...main.querySelectorAll("figure")].every((figure) => !/Drawing …|Loading the chart/.test(figure.textContent));
  });
}

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  test("no page has a serious finding of axe", async () => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    const findings: string[] = [];
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${stack.web}${path}`);
      await settled(page);
      expect(await page.locator("html").getAttribute("data-mantine-color-scheme"), name).toBe(colorScheme);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate((): Promise<AxeResults> =>
        (Reflect.get(globalThis, "axe") as typeof axe).run(document, { resultTypes: ["violations"] }),
      );
      for (const { id, impact, help, nodes } of violations) {
        if (impact !== "serious" && impact !== "critical") continue;
        const where = nodes.slice(0, 3).map(({ target, html }) => `${target.join(" ")} ${html.slice(0, 120)}`);
        findings.push(`${name}: ${id} (${impact}): ${help}\n  ${where.join("\n  ")}`);
      }
    }
    expect(findings.join("\n")).toBe("");
    await context.close();
  }, 240_000);
});

test(`the first load of the list of sweeps takes at most ${firstLoadKilobytes} kB of compressed script`, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const scripts = new Set<string>();
  const bytes = new Map<string, number>();
  session.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => bytes.set(requestId, encodedDataLength));
  await page.goto(stack.web, { waitUntil: "networkidle" });
  await settled(page);
  const total = [...scripts].reduce((sum, id) => sum + (bytes.get(id) ?? 0), 0) / 1000;
  expect(scripts.size).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(firstLoadKilobytes);
  await context.close();
});
