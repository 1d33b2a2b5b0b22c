"use client";
import { formatParameter } from "@basin/ui";
import { NativeSelect } from "@mantine/core";
import { useId } from "react";
import { ConditionEditor } from "./condition-editor";
import { DatasetSelect } from "./dataset-select";
import { DimensionEditor } from "./dimension-editor";
import { issueText } from "./issue-matching";
import css from "./new-sweep.module.css";
import { type SchemaField, unitText } from "./schema-fields";
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
  const modes = modesOf(field);
  if (!modes.includes(parameter.mode)) modes.push(parameter.mode);
  const fallback = field.fallback === undefined || field.fallback === "" ? "none" : formatParameter(field.fallback);
  const unit = typeof field.fallback === "number" ? unitText(field.unit, field.fallback) : "";
  const help = [field.description, field.range === "" ? "" : `Takes ${field.range}.`].filter((text) => text !== "").join(" ");
  return (
    <div className={css.parameter} role="group" aria-labelledby={id} data-swept={swept(parameter.mode) || undefined}>
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
        data={modes.map((mode) => ({ value: mode, label: modeNames[mode] }))}
        value={parameter.mode}
        onChange={(event) => {
          const mode = modes.find((each) => each === event.currentTarget.value);
          if (mode) state.changeParameter(field.name, withMode(field, parameter, mode));
        }}
      />
      <div className={css.editor}>
        {parameter.mode === "default" ? (
          <span className={css.fallback}>{unit === "" ? fallback : `${fallback} ${unit}`}</span>
        ) : parameter.mode === "fixed" && field.name === "dataset" ? (
          <DatasetSelect
            value={parameter.value}
            error={issueText(state.issues, `space.${field.name}.value`)}
            onChange={(value) => state.changeParameter(field.name, { ...parameter, value })}
          />
        ) : (
          <DimensionEditor
            field={field}
            parameter={parameter}
            onChange={(next) => state.changeParameter(field.name, next)}
            wrong={(part) => issueText(state.issues, `space.${field.name}.${part}`)}
          />
        )}
        {parameter.mode !== "default" && (
          <ConditionEditor
            field={field}
            parameter={parameter}
            state={state}
            error={issueText(state.issues, `space.${field.name}.when`)}
          />
        )}
        {wrong !== undefined && <p className={css.wrong}>{wrong}</p>}
      </div>
    </div>
  );
}
