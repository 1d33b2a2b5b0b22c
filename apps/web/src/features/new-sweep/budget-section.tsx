"use client";
import { Panel } from "../layout/panel";
import type { DraftForm } from "./draft-form";
import css from "./new-sweep.module.css";
import { SpecField } from "./spec-field";
import { budgetFields } from "./spec-fields";

/** The limits of a sweep; every one can be left empty. */
export const BudgetFields = ({ form }: { form: DraftForm }) =>
  budgetFields.map(({ name }) => <SpecField key={name} form={form} path={`budget.${name}`} />);

/** What the sweep may cost. */
export function BudgetSection({ form }: { form: DraftForm }) {
  const wrong = form.wrong("budget");
  return (
    <Panel title="Budget" note="once a part is spent nothing new begins; what trains is finished">
      <div className={css.fields}>
        <BudgetFields form={form} />
      </div>
      {wrong !== undefined && <p className={css.wrong}>{wrong}</p>}
    </Panel>
  );
}
