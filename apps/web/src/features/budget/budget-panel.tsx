"use client";
import type { Sweep } from "@basin/contracts";
import { useNow } from "@basin/ui";
import { Progress } from "@mantine/core";
import { Panel } from "../layout/panel";
import { budgetBars, spentText } from "./budget-bars";
import css from "./budget.module.css";

/** What a sweep may cost and what of it is used; nothing where there is no limit. */
export function BudgetPanel({ sweep, stepUnit }: { sweep: Sweep; stepUnit: string }) {
  const now = useNow();
  const bars = budgetBars(sweep, stepUnit, now ?? Date.parse(sweep.createdAt));
  if (bars.length === 0) return null;
  const { spent } = sweep.usage;
  return (
    <Panel title="Budget" note="runs that train when it is spent are finished">
      {spent !== null && (
        <p role="status" className={css.spent}>
          {spentText[spent]}
        </p>
      )}
      <ul className={css.bars}>
        {bars.map(({ part, label, text, share }) => (
          <li key={part}>
            <div className={css.line}>
              <span>{label}</span>
              <strong>{text}</strong>
            </div>
            <Progress value={share * 100} aria-label={`${label}: ${text}`} color={part === spent ? "red" : "blue"} size="sm" />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
