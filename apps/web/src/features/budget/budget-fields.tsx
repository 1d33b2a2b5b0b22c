"use client";
import { TextInput } from "@mantine/core";
import { unitText } from "../new-sweep/schema-fields";
import type { BudgetForm } from "./budget-form";

export interface BudgetFieldsProps {
  form: BudgetForm;
  /** What a step of the experiment is, e.g. `epoch`. */
  stepUnit: string;
  /** What is wrong with the field of this path; undefined: nothing. */
  wrong: (path: string) => string | undefined;
  onChange: (form: BudgetForm) => void;
}

/** The limits of a sweep; every one can be left empty. */
export function BudgetFields({ form, stepUnit, wrong, onChange }: BudgetFieldsProps) {
  const fields = [
    { name: "maxRuns", label: "Most runs", description: "the first ones of the plan" },
    { name: "maxTrainSeconds", label: "Training time (s)", description: "of trainers' slots, over all runs" },
    { name: "maxSteps", label: `Most ${unitText(stepUnit)}`, description: "over all runs" },
  ] as const;
  return (
    <>
      {fields.map(({ name, label, description }) => (
        <TextInput
          key={name}
          label={label}
          description={description}
          placeholder="no limit"
          inputMode="decimal"
          autoComplete="off"
          value={form[name]}
          error={wrong(`budget.${name}`)}
          onChange={(event) => onChange({ ...form, [name]: event.currentTarget.value })}
        />
      ))}
      <TextInput
        type="datetime-local"
        step="any"
        label="Deadline"
        description="then no further run begins"
        value={form.deadline}
        error={wrong("budget.deadline")}
        onChange={(event) => onChange({ ...form, deadline: event.currentTarget.value })}
      />
    </>
  );
}
