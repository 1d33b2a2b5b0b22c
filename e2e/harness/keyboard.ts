import type { Page } from "playwright-core";

const mostPresses = 400;

/** Name of what has the focus: its label, else its text. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const labelled = (element.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join(" ");
    const labels =
      element instanceof HTMLInputElement ? [...(element.labels ?? [])].map(({ textContent }) => textContent).join(" ") : "";
    const name = element.getAttribute("aria-label") ?? (labelled.trim() === "" ? labels : labelled);
    return (name.trim() === "" ? element.textContent : name).trim().replace(/\s*\*$/, "");
  });
}

/** Presses Tab until something of this name has the focus. Throws with the names that were passed when nothing does. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let press = 0; press < mostPresses; press += 1) {
    await page.keyboard.press("Tab");
    const focused = await focusedName(page);
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
    passed.push(focused.slice(0, 40));
  }
  throw new Error(`${String(name)} cannot be reached with Tab; passed: ${[...new Set(passed)].join(" | ")}`);
}
