"use client";
import { NativeSelect, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { ComponentType } from "react";
import { ColumnChooser } from "./column-chooser";
import { DatasetSelect } from "./dataset-select";
import type { ChooserProps, DraftForm } from "./draft-form";
import { writeValue } from "./field-text";
import css from "./new-sweep.module.css";
import { ObjectiveSelect } from "./objective-select";
import { ObjectivesSelect } from "./objectives-select";
import { PoolInput } from "./pool-input";
import { helpOf, type SchemaField, unitText } from "../catalog/schema-fields";

/** Fields whose value is one of the things of this Basin, by what their schema calls these. */
const choosers: Readonly<Record<string, ComponentType<ChooserProps>>> = {
  columns: ColumnChooser,
  datasets: DatasetSelect,
  metrics: ObjectiveSelect,
  objectives: ObjectivesSelect,
  pools: PoolInput,
};

const yesNo = [
  { value: "false", label: "no" },
  { value: "true", label: "yes" },
];

/** What can be chosen for a field of a choice; empty for every other one. */
export const choicesOf = (field: SchemaField) =>
  field.kind === "boolean" ? yesNo : field.options.map((option) => ({ value: option, label: option }));

const examples: Partial<Record<SchemaField["kind"], string>> = {
  integers: "64, 64, 32 – or none",
  texts: "separated by commas",
  lines: "separated by semicolons",
};

interface SpecFieldProps {
  form: DraftForm;
  path: string;
  /** Default: what the draft's schemas have at the path. */
  field?: SchemaField;
  /** Title of the row that the field stands in; its help is the row's. */
  row?: string;
}

/** One field of the spec as its schema describes it. */
export function SpecField({ form, path, row, field = form.draft.field(path) ?? undefined }: SpecFieldProps) {
  if (!field) return null;
  const { draft, change } = form;
  const unit = unitText(field.unit === "step" ? form.stepUnit : field.unit);
  const alone = row === field.title;
  const help = helpOf(field);
  const common = {
    ...(alone ? {} : { label: unit === "" ? field.title : `${field.title} (${unit})` }),
    ...(row === undefined ? {} : { "aria-label": alone ? row : `${row}: ${field.title}` }),
    ...(row === undefined && help !== "" ? { description: help } : {}),
    error: form.wrong(path),
    "data-field": path,
  };
  const Chooser = choosers[field.chooseFrom];
  if (Chooser) return <Chooser form={form} path={path} field={field} common={common} />;
  const text = draft.text(path);
  const set = (next: string) => change(draft.withText(path, next));
  const without = field.absent === "" ? writeValue(field.fallback) : field.absent;
  const choices = choicesOf(field);
  if (choices.length > 0)
    return (
      <NativeSelect
        {...common}
        data={field.required ? choices : [{ value: "", label: without }, ...choices]}
        value={text}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  if (field.kind === "texts" && row === undefined)
    return (
      <TagsInput
        {...common}
        placeholder="Enter adds one"
        value={draft.list(path)}
        acceptValueOnBlur
        onChange={(values) => change(draft.withList(path, values))}
      />
    );
  const given = {
    ...common,
    value: text,
    ...(field.longest === null ? {} : { maxLength: field.longest }),
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  if (field.lines) return <Textarea {...given} className={css.wholeRow ?? ""} autosize minRows={2} />;
  return (
    <TextInput
      {...given}
      {...(field.kind === "time" ? { type: "datetime-local", step: "any" } : {})}
      inputMode={field.kind === "number" || field.kind === "integer" ? "decimal" : "text"}
      autoComplete="off"
      placeholder={field.required ? (examples[field.kind] ?? "") : without}
      {...(alone && unit !== ""
        ? {
            rightSection: <span className={css.unitInside}>{unitText(field.unit, Number(text))}</span>,
            rightSectionWidth: 74,
            rightSectionPointerEvents: "none" as const,
          }
        : {})}
    />
  );
}
