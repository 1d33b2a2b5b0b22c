"use client";
import { Switch } from "@mantine/core";
import { Panel } from "../layout/panel";
import type { DraftForm } from "./draft-form";
import css from "./new-sweep.module.css";
import { SpecField } from "./spec-field";
import { raceDefaults, raceFields } from "./spec-fields";

/** Whether configurations race for further seeds, and how. */
export function RaceSection({ form }: { form: DraftForm }) {
  const { draft, change, wrong } = form;
  const on = draft.value("initializations") !== undefined;
  const said = wrong("initializations");
  return (
    <Panel title="Race over seeds" note="further seeds only for configurations that may be the best">
      <Switch
        label="Race"
        description="Every configuration begins with a few seeds, all the same ones; the winner is trained again from seeds that the search never saw"
        checked={on}
        onChange={({ currentTarget }) =>
          change(
            currentTarget.checked
              ? draft.withVariant(
                  "initializations",
                  raceDefaults,
                  raceFields.map(({ name }) => name),
                )
              : draft.without("initializations"),
          )
        }
      />
      {on && (
        <div className={css.fields}>
          {raceFields.map(({ name }) => (
            <SpecField key={name} form={form} path={`initializations.${name}`} />
          ))}
        </div>
      )}
      {said !== undefined && <p className={css.wrong}>{said}</p>}
    </Panel>
  );
}
