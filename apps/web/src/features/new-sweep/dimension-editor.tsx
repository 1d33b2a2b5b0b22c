"use client";
import { Chip, NativeSelect, TagsInput, TextInput } from "@mantine/core";
import css from "./new-sweep.module.css";
import { type SchemaField, unitText } from "./schema-fields";
import type { ParameterForm } from "./sweep-form";

export interface DimensionEditorProps {
  field: SchemaField;
  parameter: ParameterForm;
  onChange: (parameter: ParameterForm) => void;
  /** What is wrong with one part (value, values, min …); undefined: nothing. */
  wrong: (part: string) => string | undefined;
}

type TextPart = "min" | "max" | "points" | "step";

/** The inputs of one dimension. */
export function DimensionEditor(props: DimensionEditorProps) {
  const { field, parameter, onChange, wrong } = props;
  if (parameter.mode === "fixed") return <FixedEditor {...props} />;
  if (parameter.mode === "choice") return <ChoiceEditor {...props} />;
  const parts: { part: TextPart; label: string; placeholder?: string }[] = [
    { part: "min", label: "from" },
    { part: "max", label: "to" },
    parameter.mode === "int" || parameter.mode === "step"
      ? { part: "step", label: "in steps of" }
      : { part: "points", label: "points in a grid", placeholder: "any" },
  ];
  return (
    <div className={css.range}>
      {parts.map(({ part, label, placeholder }) => (
        <TextInput
          key={part}
          label={label}
          aria-label={`${field.title}: ${label}`}
          inputMode="decimal"
          autoComplete="off"
          {...(placeholder === undefined ? {} : { placeholder })}
          value={parameter[part]}
          error={wrong(part)}
          onChange={(event) => onChange({ ...parameter, [part]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}

const yesNo = [
  { value: "false", label: "no" },
  { value: "true", label: "yes" },
];

const optionsOf = (field: SchemaField) =>
  field.kind === "boolean" ? yesNo : field.options.map((option) => ({ value: option, label: option }));

function FixedEditor({ field, parameter, onChange, wrong }: DimensionEditorProps) {
  const set = (value: string) => onChange({ ...parameter, value });
  if (field.kind === "choice" || field.kind === "boolean") {
    return (
      <NativeSelect
        aria-label={field.title}
        data={optionsOf(field)}
        value={parameter.value}
        error={wrong("value")}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      aria-label={field.title}
      autoComplete="off"
      inputMode={field.kind === "number" || field.kind === "integer" ? "decimal" : "text"}
      placeholder={
        field.kind === "integers" ? "64, 64, 32 – empty for none" : field.kind === "texts" ? "separated by commas" : ""
      }
      {...(field.unit === ""
        ? {}
        : {
            rightSection: <span className={css.unitInside}>{unitText(field.unit, Number(parameter.value))}</span>,
            rightSectionWidth: 74,
            rightSectionPointerEvents: "none" as const,
          })}
      value={parameter.value}
      error={wrong("value")}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

function ChoiceEditor({ field, parameter, onChange, wrong }: DimensionEditorProps) {
  const error = wrong("values");
  if (field.kind === "choice" || field.kind === "boolean") {
    return (
      <div role="group" aria-label={`Values of ${field.title}`}>
        <Chip.Group multiple value={parameter.values} onChange={(values) => onChange({ ...parameter, values })}>
          <div className={css.chips}>
            {optionsOf(field).map(({ value, label }) => (
              <Chip key={value} value={value} size="xs" radius="sm">
                {label}
              </Chip>
            ))}
          </div>
        </Chip.Group>
        {error !== undefined && <p className={css.wrong}>{error}</p>}
      </div>
    );
  }
  const lists = field.kind === "integers" || field.kind === "numbers" || field.kind === "texts";
  return (
    <TagsInput
      aria-label={`Values of ${field.title}`}
      placeholder={
        lists ? (field.kind === "texts" ? "e.g. x, y then Enter" : "e.g. 64, 64, 32 then Enter") : "a value, then Enter"
      }
      splitChars={lists ? [";"] : [",", ";", " "]}
      acceptValueOnBlur
      value={parameter.values}
      error={error}
      onChange={(values) => onChange({ ...parameter, values })}
    />
  );
}
