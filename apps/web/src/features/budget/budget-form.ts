import type { Budget, Issue } from "@basin/contracts";
import { readNumber } from "../new-sweep/field-text";

/** A budget as it is typed; empty: no such limit. `deadline` is local time as a browser's date field writes it. */
export interface BudgetForm {
  maxRuns: string;
  maxTrainSeconds: string;
  maxSteps: string;
  deadline: string;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** "2026-01-31T18:30:00", local. */
function localText(iso: string): string {
  const at = new Date(iso);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export const budgetForm = (budget: Budget | undefined): BudgetForm => ({
  maxRuns: budget?.maxRuns === undefined ? "" : String(budget.maxRuns),
  maxTrainSeconds: budget?.maxTrainSeconds === undefined ? "" : String(budget.maxTrainSeconds),
  maxSteps: budget?.maxSteps === undefined ? "" : String(budget.maxSteps),
  deadline: budget?.deadline === undefined ? "" : localText(budget.deadline),
});

/** The budget that was typed, without the limits that are empty, and what could not be read, with paths from the spec's root. */
export function budgetOf(form: BudgetForm): { budget: Budget; issues: Issue[] } {
  const budget: Budget = {};
  const issues: Issue[] = [];
  for (const name of ["maxRuns", "maxTrainSeconds", "maxSteps"] as const) {
    const text = form[name];
    if (text.trim() === "") continue;
    const value = readNumber(text);
    const whole = name !== "maxTrainSeconds";
    if (value === null || value <= 0 || (whole && !Number.isInteger(value)))
      issues.push({
        path: `budget.${name}`,
        message: `"${text}" is not a ${whole ? "whole number of at least 1" : "number above 0"}`,
      });
    else budget[name] = value;
  }
  if (form.deadline !== "") {
    const at = new Date(form.deadline);
    if (Number.isNaN(at.getTime())) issues.push({ path: "budget.deadline", message: "is not a date and time" });
    else budget.deadline = at.toISOString();
  }
  return { budget, issues };
}
