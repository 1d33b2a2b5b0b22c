"use client";
import { BudgetFields } from "../budget/budget-fields";
import { Panel } from "../layout/panel";
import { issueText } from "./issue-matching";
import css from "./new-sweep.module.css";
import type { SweepFormState } from "./use-sweep-form";

/** What the sweep may cost. */
export function BudgetSection({ state }: { state: SweepFormState }) {
  const { form, experiment, issues, change } = state;
  return (
    <Panel title="Budget" note="once a part is spent nothing new begins; what trains is finished">
      <div className={css.fields}>
        <BudgetFields
          form={form.budget}
          stepUnit={experiment.stepUnit}
          wrong={(path) => issueText(issues, path)}
          onChange={(budget) => change({ budget })}
        />
      </div>
    </Panel>
  );
}
