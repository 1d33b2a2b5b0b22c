import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plans } from "./plans";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/reproduction-physics.md"), "utf8");
/** Cells of the lines of its tables of figures: section, plan, figure, source, ours, criterion, verdict. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")))
  .filter((cells) => cells.length === 7 && cells[1] !== "experiment");

test("the page says how many of its criteria are met and missed", () => {
  const count = (verdict: string): number => rows.filter((cells) => cells[6] === verdict).length;
  expect(page).toContain(`${count("met")} criteria are met, ${count("**missed**")} missed`);
  expect(count("met") + count("**missed**") + count("–")).toBe(rows.length);
});

test("each of its rows is of a plan", () => {
  const ids = new Set(plans.map(({ id }) => id));
  const strange = rows.map(([, plan = ""]) => plan.replace(/,.*$/, "")).filter((plan) => !ids.has(plan));
  expect([...new Set(strange)]).toEqual([]);
});
