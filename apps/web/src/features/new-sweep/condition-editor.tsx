"use client";
import { Button, Chip, NativeSelect, TagsInput } from "@mantine/core";
import { formatParameter } from "@basin/ui";
import css from "./new-sweep.module.css";
import type { SchemaField } from "../catalog/schema-fields";
import { modeOf } from "./sweep-draft";
import type { SweepFormState } from "./use-sweep-form";

/** Restricts a parameter to the configurations in which another one has certain values. */
export function ConditionEditor({ field, state }: { field: SchemaField; state: SweepFormState }) {
  const { draft, change, wrong } = state.form;
  const path = `space.${field.name}.when`;
  const chosen = draft.value(path) === undefined ? null : draft.text(`${path}.parameter`);
  const dependOn = (parameter: string) => change(draft.with(path, { parameter, in: [] }));
  const parents = state.parameters.filter(
    ({ name }) => name !== field.name && (name === chosen || modeOf(draft, name) !== "default"),
  );
  if (chosen === null) {
    const first = parents.find(({ name }) => modeOf(draft, name) === "choice") ?? parents[0];
    if (!first) return null;
    return (
      <button
        type="button"
        className={css.smallFold}
        onClick={() => dependOn(first.name)}
        aria-label={`${field.title}: only when …`}
      >
        Only when …
      </button>
    );
  }
  const parent = state.parameters.find(({ name }) => name === chosen);
  const mode = modeOf(draft, chosen);
  const at = `space.${chosen}`;
  const choices = mode === "choice" ? draft.list(`${at}.values`) : mode === "fixed" ? [draft.text(`${at}.value`)] : [];
  const words = (text: string) => (parent?.kind === "boolean" ? formatParameter(text === "true") : text === "" ? "none" : text);
  const values = draft.list(`${path}.in`);
  const setValues = (texts: string[]) => change(draft.withList(`${path}.in`, texts));
  const error = wrong(path);
  return (
    <div className={css.condition} role="group" aria-label={`When ${field.title} applies`}>
      <NativeSelect
        size="xs"
        label="only when"
        data={parents.map(({ name, title }) => ({ value: name, label: title }))}
        value={chosen}
        onChange={(event) => dependOn(event.currentTarget.value)}
      />
      {choices.length > 0 ? (
        <div>
          <div className={css.conditionLabel} id={`is-${field.name}`}>
            is
          </div>
          <div role="group" aria-labelledby={`is-${field.name}`}>
            <Chip.Group multiple value={values} onChange={setValues}>
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
          value={values}
          onChange={setValues}
        />
      )}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => change(draft.with(path, undefined))}
        aria-label={`${field.title}: always`}
      >
        Always
      </Button>
      {error !== undefined && <p className={css.wrong}>{error}</p>}
    </div>
  );
}
