"use client";
import { Chip, TagsInput } from "@mantine/core";
import type { DraftForm } from "./draft-form";
import css from "./new-sweep.module.css";
import type { SchemaField } from "../catalog/schema-fields";
import { choicesOf, SpecField } from "./spec-field";
import { partsOf } from "./spec-fields";

interface DimensionEditorProps {
  field: SchemaField;
  form: DraftForm;
}

/** The inputs of one dimension. */
export function DimensionEditor({ field, form }: DimensionEditorProps) {
  const path = `space.${field.name}`;
  const type = form.draft.value(`${path}.type`);
  if (type === "fixed") return <SpecField form={form} path={`${path}.value`} row={field.title} />;
  if (type === "choice") return <ValuesEditor field={field} form={form} />;
  return (
    <div className={css.range}>
      {partsOf(type).map(({ name }) => (
        <SpecField key={name} form={form} path={`${path}.${name}`} row={field.title} />
      ))}
    </div>
  );
}

function ValuesEditor({ field, form: { draft, change, wrong } }: DimensionEditorProps) {
  const path = `space.${field.name}.values`;
  const error = wrong(path);
  const value = draft.list(path);
  const set = (values: string[]) => change(draft.withList(path, values));
  const choices = choicesOf(field);
  if (choices.length > 0) {
    return (
      <div role="group" aria-label={`Values of ${field.title}`}>
        <Chip.Group multiple value={value} onChange={set}>
          <div className={css.chips}>
            {choices.map((choice) => (
              <Chip key={choice.value} value={choice.value} size="xs" radius="sm">
                {choice.label}
              </Chip>
            ))}
          </div>
        </Chip.Group>
        {error !== undefined && <p className={css.wrong}>{error}</p>}
      </div>
    );
  }
  const lists = field.kind === "integers" || field.kind === "numbers" || field.kind === "texts";
  if (field.kind === "lines") {
    return (
      <TagsInput
        aria-label={`Values of ${field.title}`}
        placeholder="one; another then Enter"
        splitChars={[]}
        acceptValueOnBlur
        value={value}
        error={error}
        onChange={set}
      />
    );
  }
  return (
    <TagsInput
      aria-label={`Values of ${field.title}`}
      placeholder={
        lists ? (field.kind === "texts" ? "e.g. x, y then Enter" : "e.g. 64, 64, 32 then Enter") : "a value, then Enter"
      }
      splitChars={lists ? [";"] : [",", ";", " "]}
      acceptValueOnBlur
      value={value}
      error={error}
      onChange={set}
    />
  );
}
