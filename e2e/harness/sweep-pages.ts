import { SweepId } from "@basin/contracts";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Asks again until the expectation holds: a page under load catches up within seconds. */
export const soon = <T>(read: () => T | Promise<T>, message = "") => expect.poll(read, { timeout: 60_000, message });

/** The sweep whose page has been opened. */
export async function openedSweep(page: Page): Promise<SweepId> {
  await page.waitForURL(/\/sweeps\/[0-9a-z]{8}(\?.*)?$/);
  return SweepId.parse(new URL(page.url()).pathname.split("/").at(-1));
}

/** The page says that its sweep is completed. */
export const ended = (page: Page) => page.getByText("completed", { exact: true }).first().waitFor({ timeout: 120_000 });

/** Chooses how a parameter of the form is given, and returns its part of the form. */
export async function give(page: Page, title: string, how: string): Promise<ReturnType<Page["locator"]>> {
  await page.getByRole("combobox", { name: `How ${title} is given`, exact: true }).selectOption(how);
  return page.getByRole("group", { name: new RegExp(`^${title}( \\(|$)`) });
}

export const fixed = async (page: Page, title: string, value: string) =>
  (await give(page, title, "Fixed")).getByRole("textbox").first().fill(value);
