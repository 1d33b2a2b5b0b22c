import { existsSync, readFileSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const places = [process.env.BASIN_CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Null when no Chromium is installed. */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = places.find((path) => path !== "" && existsSync(path));
  if (executablePath === undefined) return null;
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
  ];
  return chromium.launch({ executablePath, args: [...args, "--disable-sync", "--enable-precise-memory-info"] });
}

export async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  return page;
}

/** A page with an empty cache. */
export async function withPage<T>(browser: Browser, act: (page: Page) => Promise<T>): Promise<T> {
  const page = await openPage(browser);
  try {
    return await act(page);
  } finally {
    await page.close();
  }
}

/** What runs inside the page. */
declare global {
  interface Window {
    benchFirst: Record<string, number>;
    benchPlots: { started: number; painted: Record<string, number>; settled: number | null };
    benchDraws: { at: number; points: number }[];
    benchFrames: number[];
  }
}

/** Milliseconds from the navigation until the frame in which an element that matches was first painted. */
export async function firstPaint(page: Page, url: string, selector: string): Promise<number> {
  await page.addInitScript((wanted) => {
    window.benchFirst = {};
    const look = (): void => {
      if (document.querySelector(wanted) === null) requestAnimationFrame(look);
      // It is in this frame's picture; the next frame begins when that has been handed over.
      else requestAnimationFrame(() => (window.benchFirst[wanted] = performance.now()));
    };
    requestAnimationFrame(look);
  }, selector);
  await page.goto(url, { waitUntil: "commit" });
  const handle = await page.waitForFunction((wanted) => window.benchFirst[wanted] ?? null, selector);
  return Number(await handle.jsonValue());
}

export interface PlotTimes {
  /** Milliseconds from the press, by the plot's name. */
  plots: Record<string, number>;
  /** Until nothing on the page said that it was still reading or drawing. */
  settled: number;
}

/** Presses a tab and notes when each figure below it first shows its drawing. Throws when the page does not settle in a minute. */
export async function plotTimes(page: Page, tab: string): Promise<PlotTimes> {
  const button = page.getByRole("tab", { name: tab });
  await button.waitFor();
  await page.evaluate(watchPlots);
  await button.click();
  await page.waitForFunction(() => window.benchPlots.settled !== null, undefined, { timeout: 60_000 });
  const { painted, settled } = await page.evaluate(() => window.benchPlots);
  return { plots: painted, settled: settled ?? Number.NaN };
}

/** Runs in the page. The time starts with the press of a tab. */
function watchPlots(): void {
  const state: Window["benchPlots"] = { started: Number.NaN, painted: {}, settled: null };
  window.benchPlots = state;
  const nameOf = (figure: Element): string => {
    const label = figure.getAttribute("aria-label") ?? figure.querySelector("[role=img]")?.getAttribute("aria-label") ?? "figure";
    return (label.split(". ")[0] ?? label).slice(0, 80);
  };
  const drawing = (figure: Element): boolean => /Drawing …|Loading the chart|Reading …/.test(figure.textContent);
  const unsettled = (): boolean => {
    const main = document.querySelector("main");
    if (!main || main.querySelector("[aria-busy=true], [data-busy], .mantine-Skeleton-root") !== null) return true;
    const reading = document.evaluate("//main//div[starts-with(text(), 'Reading …')]", document, null, 3).booleanValue;
    const figures = [...main.querySelectorAll("figure")];
    return (
      reading ||
      figures.length === 0 ||
      figures.some(
        (figure) =>
          drawing(figure) || (figure.querySelector("[role=img]") !== null && figure.querySelector("canvas, .main-svg") === null),
      )
    );
  };
  let quietSince = Number.NaN;
  const look = (): void => {
    const now = performance.now() - state.started;
    for (const figure of document.querySelectorAll("main figure")) {
      const name = nameOf(figure);
      // Found at the start of a frame: drawn in the one before, or in this one at the latest.
      if (state.painted[name] === undefined && figure.querySelector("canvas, .main-svg") !== null) state.painted[name] = now;
    }
    if (unsettled()) quietSince = Number.NaN;
    else if (Number.isNaN(quietSince)) quietSince = now;
    else if (now - quietSince > 700) {
      state.settled = quietSince;
      return;
    }
    requestAnimationFrame(look);
  };
  const pressed = (event: Event): void => {
    if (!(event.target instanceof Element) || event.target.closest("[role=tab]") === null) return;
    document.removeEventListener("click", pressed, true);
    state.started = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(look));
  };
  document.addEventListener("click", pressed, true);
}

/** Frames per second that the page made while `act` went on. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const frames: number[] = [];
    window.benchFrames = frames;
    const note = (time: number): void => {
      frames.push(time);
      // A later measurement has its own list.
      if (window.benchFrames === frames) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await act();
  const frames = await page.evaluate(() => window.benchFrames);
  const [first, last] = [frames[0], frames.at(-1)];
  return first === undefined || last === undefined || last <= first ? Number.NaN : ((frames.length - 1) * 1000) / (last - first);
}

/**
 * Memory of the tab's process as a browser's task manager states it: private memory, swapped or not (Linux: RssAnon + VmSwap of
 * the renderer). In megabytes; null where the system does not say.
 */
export async function tabMegabytes(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => privateMegabytes(id));
    return sizes.reduce<number | null>((most, size) => (size !== null && (most === null || size > most) ? size : most), null);
  } finally {
    await session.detach();
  }
}

function privateMegabytes(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
    return (kilobytes("RssAnon") + kilobytes("VmSwap")) / 1000;
  } catch {
    return null;
  }
}
