"use client";
import { Stack, Switch } from "@mantine/core";
import { Panel } from "../layout/panel";
import type { DraftForm } from "./draft-form";
import css from "./new-sweep.module.css";
import { SpecField } from "./spec-field";
import { raceDefaults, raceFields, stoppingDefaults, stoppingFields } from "./spec-fields";

interface Choice {
  field: string;
  label: string;
  description: string;
  fresh: Readonly<Record<string, unknown>>;
  parts: readonly string[];
}

const choices: readonly Choice[] = [
  {
    field: "initializations",
    label: "Race over seeds",
    description:
      "Every configuration begins with a few seeds, all the same ones; the winner is trained again from seeds that the search never saw",
    fresh: raceDefaults,
    parts: raceFields.map(({ name }) => name),
  },
  {
    field: "stopping",
    label: "Stopping rule",
    description: "Runs are stopped on their way where they are not worth going on with; what they measured stays",
    fresh: stoppingDefaults,
    parts: stoppingFields.map(({ name }) => name),
  },
];

/** What is not trained: seeds of configurations that lose a race, and the rest of runs that a rule stops. */
export function SavingSection({ form }: { form: DraftForm }) {
  const { draft, change, wrong } = form;
  return (
    <Panel title="Less training" note="both compare configurations from the same seeds">
      <Stack gap="md">
        {choices.map(({ field, label, description, fresh, parts }) => {
          const on = draft.value(field) !== undefined;
          const said = wrong(field);
          return (
            <div key={field}>
              <Switch
                label={label}
                description={description}
                checked={on}
                onChange={({ currentTarget }) =>
                  change(currentTarget.checked ? draft.withVariant(field, fresh, parts) : draft.without(field))
                }
              />
              {on && (
                <div className={css.fields}>
                  {parts.map((part) => (
                    <SpecField key={part} form={form} path={`${field}.${part}`} />
                  ))}
                </div>
              )}
              {said !== undefined && <p className={css.wrong}>{said}</p>}
            </div>
          );
        })}
      </Stack>
    </Panel>
  );
}
