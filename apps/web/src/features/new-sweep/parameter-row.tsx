"use client";
import { formatParameter } from "@basin/ui";
import { NativeSelect } from "@mantine/core";
import { useId } from "react";
import { ConditionEditor } from "./condition-editor";
import { DimensionEditor } from "./dimension-editor";
import css from "./new-sweep.module.css";
import { helpOf, type SchemaField, unitText } from "../catalog/schema-fields";
import { modeOf, modesOf, type ParameterMode, withMode } from "./sweep-draft";
import type { SweepFormState } from "./use-sweep-form";

const modeNames: Record<ParameterMode, string> = {
  default: "Default",
  fixed: "Fixed",
  choice: "Sweep: list",
  int: "Sweep: whole numbers",
  float: "Sweep: range",
  "log-float": "Sweep: log range",
  step: "Sweep: steps",
};

export const isSwept = (mode: ParameterMode): boolean => mode !== "default" && mode !== "fixed";

/** One parameter: what it is, how it is given, and its values. */
export function ParameterRow({ field, state }: { field: SchemaField; state: SweepFormState }) {
  const id = useId();
  const { form } = state;
  const mode = modeOf(form.draft, field.name);
  const wrong = form.wrong(`space.${field.name}`);
  const modes = modesOf(field);
  if (!modes.includes(mode)) modes.push(mode);
  const fallback = field.fallback === undefined || field.fallback === "" ? "none" : formatParameter(field.fallback);
  const unit = typeof field.fallback === "number" ? unitText(field.unit, field.fallback) : "";
  const help = helpOf(field);
  return (
    <div
      className={css.parameter}
      role="group"
      aria-labelledby={id}
      data-field={`space.${field.name}`}
      data-swept={isSwept(mode) || undefined}
    >
      <div>
        <div id={id} className={css.parameterTitle}>
          {field.title}
          {field.unit !== "" && field.title.toLowerCase() !== unitText(field.unit) && (
            <span className={css.unit}> ({unitText(field.unit)})</span>
          )}
        </div>
        {help !== "" && <div className={css.help}>{help}</div>}
        {field.optionTexts.length > 0 && (
          <details className={css.optionTexts}>
            <summary>What each is</summary>
            <dl>
              {field.optionTexts.map(({ option, text }) => (
                <div key={option}>
                  <dt>{option}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
      <NativeSelect
        aria-label={`How ${field.title} is given`}
        data={modes.map((each) => ({ value: each, label: modeNames[each] }))}
        value={mode}
        onChange={(event) => {
          const next = modes.find((each) => each === event.currentTarget.value);
          if (next) form.change(withMode(form.draft, state.parameters, field, next));
        }}
      />
      <div className={css.editor}>
        {mode === "default" ? (
          <span className={css.fallback}>{unit === "" ? fallback : `${fallback} ${unit}`}</span>
        ) : (
          <>
            <DimensionEditor field={field} form={form} />
            <ConditionEditor field={field} state={state} />
          </>
        )}
        {wrong !== undefined && <p className={css.wrong}>{wrong}</p>}
      </div>
    </div>
  );
}
