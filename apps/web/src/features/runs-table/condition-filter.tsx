"use client";
import { RunCondition } from "@basin/contracts";
import { formatParameter } from "@basin/ui";
import { Button, CloseButton, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { conditionValue, nothing } from "./column-layout";
import type { RunColumn } from "./run-columns";
import css from "./runs-table.module.css";

const operators = ["=", "!=", "<", "<=", ">", ">=", "contains"] as const;

export interface ConditionFilterProps {
  columns: readonly RunColumn[];
  conditions: readonly RunCondition[];
  onChange: (conditions: RunCondition[]) => void;
}

/** Conditions on fields of the runs, all of which hold for what is listed. */
export function ConditionFilter({ columns, conditions, onChange }: ConditionFilterProps) {
  const fields = columns.flatMap(({ field, title }) =>
    field === null || field === "index" ? [] : [{ value: field, label: title }],
  );
  const [field, setField] = useState("objective");
  const [op, setOp] = useState<(typeof operators)[number]>("<=");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const titleOf = (name: string) => fields.find(({ value }) => value === name)?.label ?? name;
  return (
    <div className={css.filter}>
      <form
        className={css.filter}
        onSubmit={(event) => {
          event.preventDefault();
          const parsed = RunCondition.safeParse({ field, op, value: op === "contains" ? text.trim() : conditionValue(text) });
          setProblem(text.trim() === "" ? "a value is missing" : parsed.success ? null : "is no value to compare with");
          if (!parsed.success || text.trim() === "") return;
          onChange([...conditions, parsed.data]);
          setText("");
        }}
      >
        <NativeSelect
          size="xs"
          aria-label="Field of the condition"
          data={fields}
          value={field}
          onChange={(event) => setField(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          aria-label="Comparison of the condition"
          data={[...operators]}
          value={op}
          onChange={(event) => setOp(operators.find((each) => each === event.currentTarget.value) ?? "=")}
        />
        <TextInput
          size="xs"
          aria-label="Value of the condition"
          placeholder="value"
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" type="submit">
          Add condition
        </Button>
      </form>
      {conditions.map((condition, i) => {
        const value = condition.value === null ? nothing : formatParameter(condition.value);
        const name = `${titleOf(condition.field)} ${condition.op} ${value}`;
        return (
          <span key={`${i} ${name}`} className={css.condition}>
            {name}
            <CloseButton
              size="xs"
              aria-label={`Remove ${name}`}
              onClick={() => onChange(conditions.filter((_, at) => at !== i))}
            />
          </span>
        );
      })}
    </div>
  );
}
