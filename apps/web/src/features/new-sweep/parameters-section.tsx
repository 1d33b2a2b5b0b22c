"use client";
import { useState } from "react";
import { Panel } from "../layout/panel";
import css from "./new-sweep.module.css";
import { ParameterRow } from "./parameter-row";
import type { SchemaField } from "../catalog/schema-fields";
import { modeOf } from "./sweep-draft";
import { typedFields } from "./typed-equation";
import type { SweepFormState } from "./use-sweep-form";

export function ParametersSection({ state }: { state: SweepFormState }) {
  const [open, setOpen] = useState(false);
  const typed = new Set(
    typedFields(state.parameters, state.form.draft).flatMap(({ field, swept }) => (swept ? [] : [field.name])),
  );
  const here = state.parameters.filter(({ name }) => !typed.has(name));
  // What must be given comes first.
  const plain = [...here.filter((field) => field.given), ...here.filter((field) => !field.given && !field.advanced)];
  const advanced = here.filter((field) => field.advanced && !field.given);
  const isChanged = ({ name }: SchemaField) =>
    modeOf(state.form.draft, name) !== "default" ||
    [...state.issues.byField.keys()].some((path) => path === `space.${name}` || path.startsWith(`space.${name}.`));
  const shown = open ? advanced : advanced.filter(isChanged);
  const row = (field: SchemaField) => <ParameterRow key={field.name} field={field} state={state} />;
  return (
    <Panel title="Parameters" note="each fixed, or swept over a list or a range">
      <div className={css.parameters}>
        {plain.map(row)}
        {shown.map(row)}
      </div>
      {advanced.length > 0 && (
        <button type="button" className={css.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide" : "Show"} {advanced.length} advanced parameters
        </button>
      )}
    </Panel>
  );
}
