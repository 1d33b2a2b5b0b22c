// Pictures of every page and every tab of a sweep of a running dashboard, at 1440 and 390 px, light and dark, into docs/screenshots/.
// Usage: npm run screenshots [-- http://127.0.0.1:4000 [SWEEP]]. Without SWEEP it shows the newest one, so run the demo with --keep
// first; a sweep that discovers equations adds its own picture. Pictures of pages that are no longer made are removed.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [origin = "http://127.0.0.1:4000", chosen] = process.argv.slice(2);
const folder = fileURLToPath(new URL("../docs/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });

const read = async (path) => {
  const answer = await fetch(`${origin}/api/v1/${path}`);
  return answer.ok ? answer.json() : null;
};
const sweep = chosen === undefined ? (await read("sweeps?limit=1"))?.items[0] : await read(`sweeps/${chosen}`);
if (!sweep) {
  process.stderr.write(`There is no sweep${chosen ? ` ${chosen}` : ""} at ${origin}: run "npm run demo -- --keep" first.\n`);
  process.exit(1);
}
const groups = (await read(`sweeps/${sweep.id}/results?limit=2`))?.groups ?? [];
const compared = groups.map(({ group }) => `groups=${encodeURIComponent(`${sweep.id}~${JSON.stringify(group)}`)}`).join("&");
const discovering = (await read("sweeps?search=sindy&limit=1"))?.items[0];
const [dataset] = (await read("datasets"))?.items ?? [];
const listed = JSON.parse(readFileSync(new URL("../apps/web/src/features/layout/pages.json", import.meta.url), "utf8"));
const pages = {
  ...Object.fromEntries(listed.map(({ name, path }) => [name, path])),
  sweep: `/sweeps/${sweep.id}`,
  "sweep-curves": `/sweeps/${sweep.id}?tab=curves`,
  "sweep-parameters": `/sweeps/${sweep.id}?tab=parameters`,
  "sweep-initializations": `/sweeps/${sweep.id}?tab=initializations`,
  "sweep-execution": `/sweeps/${sweep.id}?tab=execution`,
  "sweep-runs": `/sweeps/${sweep.id}?tab=runs`,
  ...(discovering ? { "sweep-equations": `/sweeps/${discovering.id}?tab=initializations` } : {}),
  run: `/runs/${sweep.best?.run ?? `${sweep.id}-0-0`}`,
  experiment: `/experiments/${sweep.spec.experiment}`,
  compare: `/compare?${compared}`,
  ...(dataset ? { dataset: `/datasets/${dataset.id}` } : {}),
};
/** Longer pages are cut off: the pictures are to be looked at. */
const tallest = 4000;

/** Nothing is being read or drawn any more. Runs in the page. */
function settled() {
  const main = document.querySelector("main");
  if (!main || main.querySelector("[aria-busy=true], .mantine-Skeleton-root")) return false;
  const figures = [...main.querySelectorAll("figure")];
  if (figures.some((figure) => /Drawing …|Loading the chart/.test(figure.textContent))) return false;
  const drawn = (figure) => !figure.querySelector("[role=img]") || figure.querySelector("canvas, svg, img, .main-svg");
  return (
    figures.every(drawn) && !document.evaluate("//main//div[starts-with(text(), 'Reading …')]", document, null, 3).booleanValue
  );
}

/** A fifth of a PNG's size. `source` is a PNG as base64; runs in the page. */
async function asWebp(source) {
  const picture = new Image();
  picture.src = `data:image/png;base64,${source}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}

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
const encoder = await browser.newPage();
const made = new Set();
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 390]) {
    const usual = { width, height: width === 390 ? 844 : 900 };
    const context = await browser.newContext({ viewport: usual, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      await page.setViewportSize(usual);
      await page.goto(`${origin}${path}`, { waitUntil: "load" });
      await page.waitForTimeout(500);
      await page.waitForFunction(settled, undefined, { timeout: 120_000 });
      const height = Math.min(tallest, await page.evaluate(() => document.documentElement.scrollHeight));
      // As tall as the page: parts that are drawn when they come into view are drawn as well.
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(500);
      await page.waitForFunction(settled, undefined, { timeout: 120_000 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) process.stderr.write(`${name} is ${wide} px wider than ${width} px (${colorScheme})\n`);
      const file = `${name}-${width}-${colorScheme}.webp`;
      const webp = await encoder.evaluate(asWebp, (await page.screenshot()).toString("base64"));
      writeFileSync(`${folder}/${file}`, Buffer.from(webp, "base64"));
      made.add(file);
    }
    await context.close();
  }
}
await browser.close();
for (const file of readdirSync(folder)) if (/\.(png|jpe?g|webp)$/.test(file) && !made.has(file)) rmSync(`${folder}/${file}`);
process.stdout.write(`${made.size} pictures in ${folder}\n`);
