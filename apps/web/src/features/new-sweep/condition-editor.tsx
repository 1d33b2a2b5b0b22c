"use client";
import { Button, Chip, NativeSelect, TagsInput } from "@mantine/core";
import { formatParameter } from "@basin/ui";
import css from "./new-sweep.module.css";
import type { SchemaField } from "./schema-fields";
import type { ParameterForm } from "./sweep-form";
import type { SweepFormState } from "./use-sweep-form";

export interface ConditionEditorProps {
  field: SchemaField;
  parameter: ParameterForm;
  state: SweepFormState;
  error: string | undefined;
}

/** Restricts a parameter to the configurations in which another one has certain values. */
export function ConditionEditor({ field, parameter, state, error }: ConditionEditorProps) {
  const { when } = parameter;
  const set = (next: ParameterForm["when"]) => state.changeParameter(field.name, { ...parameter, when: next });
  const parents = state.fields.filter(({ name }) => {
    const mode = state.form.parameters[name]?.mode;
    return name !== field.name && (name === when?.parameter || (mode !== undefined && mode !== "default"));
  });
  if (!when) {
    if (parents.length === 0) return null;
    const first = parents.find(({ name }) => state.form.parameters[name]?.mode === "choice") ?? parents[0];
    return (
      <button
        type="button"
        className={css.smallFold}
        onClick={() => set({ parameter: first?.name ?? "", values: [] })}
        aria-label={`${field.title}: only when …`}
      >
        Only when …
      </button>
    );
  }
  const parent = state.fields.find(({ name }) => name === when.parameter);
  const parentForm = state.form.parameters[when.parameter];
  const choices = parentForm?.mode === "choice" ? parentForm.values : parentForm?.mode === "fixed" ? [parentForm.value] : [];
  const words = (text: string) => (parent?.kind === "boolean" ? formatParameter(text === "true") : text === "" ? "none" : text);
  return (
    <div className={css.condition} role="group" aria-label={`When ${field.title} applies`}>
      <NativeSelect
        size="xs"
        label="only when"
        data={parents.map(({ name, title }) => ({ value: name, label: title }))}
        value={when.parameter}
        onChange={(event) => set({ parameter: event.currentTarget.value, values: [] })}
      />
      {choices.length > 0 ? (
        <div>
          <div className={css.conditionLabel} id={`is-${field.name}`}>
            is
          </div>
          <div role="group" aria-labelledby={`is-${field.name}`}>
            <Chip.Group multiple value={when.values} onChange={(values) => set({ ...when, values })}>
              <div className={css.chips}>
                {choices.map((value) => (
                  <Chip key={value} value={value} size="xs" radius="sm">
                    {words(value)}
                  </Chip>
                ))}
              </div>
            </Chip.Group>
          </div>
        </div>
      ) : (
        <TagsInput
          size="xs"
          label="is one of"
          placeholder="a value, then Enter"
          acceptValueOnBlur
          value={when.values}
          onChange={(values) => set({ ...when, values })}
        />
      )}
      <Button size="compact-xs" variant="default" onClick={() => set(null)} aria-label={`${field.title}: always`}>
        Always
      </Button>
      {error !== undefined && <p className={css.wrong}>{error}</p>}
    </div>
  );
}
