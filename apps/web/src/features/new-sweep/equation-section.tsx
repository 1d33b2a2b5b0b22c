"use client";
import type { StartingPoint } from "@basin/contracts";
import { NativeSelect } from "@mantine/core";
import { useMemo } from "react";
import { Panel } from "../layout/panel";
import type { Draft } from "./draft";
import css from "./equation-section.module.css";
import { EquationLine } from "./equation-line";
import { readTyped, type TypedField, typedFields } from "./typed-equation";
import type { SweepFormState } from "./use-sweep-form";

/** The equations of a sweep as a person types them, each typeset below and with its fault under the character that is wrong. */
export function EquationSection({ state }: { state: SweepFormState }) {
  const { parameters, form, experiment } = state;
  const { draft, change } = form;
  const typed = useMemo(() => typedFields(parameters, draft), [parameters, draft]);
  const read = useMemo(() => readTyped(parameters, typed, draft), [parameters, typed, draft]);
  if (typed.length === 0) return null;
  // What is swept stands among the parameters.
  const here = typed.filter(({ name, swept }) => !swept && (read.referenced || name !== "reference"));
  const points = experiment.startingPoints ?? [];
  const set = ({ field }: TypedField, lines: readonly string[]) =>
    change(draft.with(`space.${field.name}`, { type: "fixed", value: [...lines] }));
  return (
    <Panel title="Equation" note="typed, and typeset as it is read">
      {points.length > 0 && (
        <NativeSelect
          label="Start from"
          description={
            points.find((point) => holds(draft, point))?.summary ?? "A known equation; what is typed below is replaced."
          }
          data={[{ value: "", label: "Your own" }, ...points.map(({ id, title }) => ({ value: id, label: title }))]}
          value={points.find((point) => holds(draft, point))?.id ?? ""}
          onChange={(event) => {
            const point = points.find(({ id }) => id === event.currentTarget.value);
            if (point) change(startingFrom(draft, point));
          }}
        />
      )}
      {here.map((one) => (
        <fieldset key={one.name} className={css.group}>
          <legend>{one.field.title}</legend>
          <p className={css.help}>{one.field.description}</p>
          {one.lines.map((line, i) => (
            <EquationLine
              key={i}
              label={`${one.field.title} ${i + 1}`}
              text={line}
              latex={read.latex(one.name, i)}
              fault={read.faults.find(({ field, index }) => field === one.name && index === i) ?? null}
              onChange={(text) =>
                set(
                  one,
                  one.lines.map((each, j) => (j === i ? text : each)),
                )
              }
              onRemove={() =>
                set(
                  one,
                  one.lines.filter((_, j) => j !== i),
                )
              }
            />
          ))}
          <button type="button" className={css.add} onClick={() => set(one, [...one.lines, ""])}>
            Add to {one.field.title.toLowerCase()}
          </button>
          {read.faults.every(({ field }) => field !== one.name) && form.wrong(`space.${one.field.name}`) !== undefined && (
            <p className={css.wrong}>{form.wrong(`space.${one.field.name}`)}</p>
          )}
        </fieldset>
      ))}
    </Panel>
  );
}

const fixedSpace = ({ parameters }: StartingPoint) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { type: "fixed", value }]));

/** The draft with the values of a starting point, and defaults for everything else. */
function startingFrom(draft: Draft, point: StartingPoint): Draft {
  return draft.with("space", fixedSpace(point));
}

/** Whether all values of a starting point stand in the draft. */
function holds(draft: Draft, point: StartingPoint): boolean {
  return Object.entries(fixedSpace(point)).every(
    ([name, dimension]) => JSON.stringify(draft.value(`space.${name}`)) === JSON.stringify(dimension),
  );
}
