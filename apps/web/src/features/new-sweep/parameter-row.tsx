"use client";
import { formatParameter } from "@basin/ui";
import { NativeSelect } from "@mantine/core";
import { useId } from "react";
import { DimensionEditor } from "./dimension-editor";
import { issueText } from "./issue-matching";
import css from "./new-sweep.module.css";
import type { SchemaField } from "./schema-fields";
import { modesOf, type ParameterMode, withMode } from "./sweep-form";
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

const swept = (mode: ParameterMode): boolean => mode !== "default" && mode !== "fixed";

/** One parameter: what it is, how it is given, and its values. */
export function ParameterRow({ field, state }: { field: SchemaField; state: SweepFormState }) {
  const id = useId();
  const parameter = state.form.parameters[field.name];
  if (!parameter) return null;
  const wrong = issueText(state.issues, `space.${field.name}`);
  const help = [field.description, field.range === "" ? "" : `Takes ${field.range}.`].filter((text) => text !== "").join(" ");
  return (
    <div className={css.parameter} role="group" aria-labelledby={id} data-swept={swept(parameter.mode) || undefined}>
      <div>
        <div id={id} className={css.parameterTitle}>
          {field.title}
          {field.unit !== "" && <span className={css.unit}> ({field.unit})</span>}
        </div>
        {help !== "" && <div className={css.help}>{help}</div>}
      </div>
      <NativeSelect
        aria-label={`How ${field.title} is given`}
        data={modesOf(field).map((mode) => ({ value: mode, label: modeNames[mode] }))}
        value={parameter.mode}
        onChange={(event) => {
          const mode = modesOf(field).find((each) => each === event.currentTarget.value);
          if (mode) state.changeParameter(field.name, withMode(field, parameter, mode));
        }}
      />
      <div className={css.editor}>
        {parameter.mode === "default" ? (
          <span className={css.fallback}>{field.fallback === undefined ? "none" : formatParameter(field.fallback)}</span>
        ) : (
          <DimensionEditor
            field={field}
            parameter={parameter}
            onChange={(next) => state.changeParameter(field.name, next)}
            wrong={(part) => issueText(state.issues, `space.${field.name}.${part}`)}
          />
        )}
        {wrong !== undefined && <p className={css.wrong}>{wrong}</p>}
      </div>
    </div>
  );
}
