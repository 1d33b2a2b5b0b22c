// Pictures of every page of a running dashboard, at 1440 and 390 px, light and dark, into docs/screenshots/.
// Usage: npm run screenshots [-- http://127.0.0.1:4000]. It shows the newest sweep, so run the demo with --keep first.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const origin = process.argv[2] ?? "http://127.0.0.1:4000";
const folder = fileURLToPath(new URL("../docs/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });

const { items } = await (await fetch(`${origin}/api/v1/sweeps?limit=1`)).json();
if (items.length === 0) {
  process.stderr.write(`There is no sweep at ${origin}: run "npm run demo -- --keep" first.\n`);
  process.exit(1);
}
const [sweep] = items;
const pages = {
  sweeps: "/",
  new: "/sweeps/new",
  sweep: `/sweeps/${sweep.id}`,
  run: `/runs/${sweep.best?.run ?? `${sweep.id}-0-0`}`,
  trainers: "/trainers",
};

const browser = await chromium.launch({
  executablePath: process.env.BASIN_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 390]) {
    const context = await browser.newContext({ viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${origin}${path}`, { waitUntil: "load" });
      await page.waitForTimeout(2500);
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
}
await browser.close();
process.stdout.write(`${Object.keys(pages).length * 4} pictures in ${folder}\n`);
