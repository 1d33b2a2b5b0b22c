import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const places = [process.env.BASIN_CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts the Chromium that is installed here. Throws when there is none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = places.find((path) => path !== "" && existsSync(path));
  if (executablePath === undefined) throw new Error("there is no Chromium: install it, or set BASIN_CHROMIUM to its path");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A form that is being filled in asks what is still wrong with it: being told so is no complaint. */
const refusedPreview = /\/api\/v1\/sweeps\/(preview|estimate)$/;

/** A page that collects everything the browser complains about. */
export async function openPage(browser: Browser): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  // What the browser refuses because of a page's policy: not all of it stands in the console.
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
      console.error(`refused by ${violatedDirective}: ${blockedURI} from ${sourceFile}`);
    });
  });
  page.on("console", (message) => {
    // What the software driver for WebGL and the canvas of a plot library say about their speed is not the page's doing.
    if (/GL Driver Message \(OpenGL, Performance|Canvas2D: Multiple readback operations/.test(message.text())) return;
    if (refusedPreview.test(message.location().url) && /status of 400/.test(message.text())) return;
    if (message.type() === "error" || message.type() === "warning") complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() === 400 && refusedPreview.test(response.url())) return;
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return { page, complaints };
}
