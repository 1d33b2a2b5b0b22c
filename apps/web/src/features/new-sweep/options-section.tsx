"use client";
import { useState } from "react";
import { Panel } from "../layout/panel";
import type { DraftForm } from "./draft-form";
import css from "./new-sweep.module.css";
import type { SchemaField } from "../catalog/schema-fields";
import { SpecField } from "./spec-field";
import { plainFields } from "./spec-fields";

/** "Objective, pool and priority". */
const listed = (titles: readonly string[]): string =>
  titles.length < 2 ? titles.join("") : `${titles.slice(0, -1).join(", ")} and ${titles.at(-1) ?? ""}`;

/** Name, notes and how the sweep is run: every field of a spec that has no part of its own. */
export function OptionsSection({ form }: { form: DraftForm }) {
  const [open, setOpen] = useState(false);
  const folded = plainFields.filter(({ advanced }) => advanced);
  const paths = folded.flatMap(({ name, fields }) => [name, ...fields.map((field) => `${name}.${field.name}`)]);
  const wrong = paths.some((path) => form.wrong(path) !== undefined);
  // It stays open when it is mended: the field must not vanish under the hand.
  if (wrong && !open) setOpen(true);
  const shown = open || wrong;
  const drawn = (field: SchemaField) => <SpecField key={field.name} form={form} path={field.name} field={field} />;
  return (
    <Panel title="Name and notes">
      <div className={css.fields}>{plainFields.filter(({ advanced }) => !advanced).map(drawn)}</div>
      {shown && <div className={css.fields}>{folded.map(drawn)}</div>}
      <button type="button" className={css.fold} aria-expanded={shown} onClick={() => setOpen(!open)}>
        {shown ? "Hide" : "Show"} {listed(folded.map(({ title }) => title.toLowerCase()))}
      </button>
    </Panel>
  );
}
