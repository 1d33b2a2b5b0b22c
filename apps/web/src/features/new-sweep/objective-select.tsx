"use client";
import { Objective } from "@basin/contracts";
import { NativeSelect } from "@mantine/core";
import type { ChooserProps } from "./draft-form";

/** Chooses one of the experiment's final metrics with a direction, or leaves it to the experiment. */
export function ObjectiveSelect({ form: { draft, change, wrong, experiment }, path, field, common }: ChooserProps) {
  if (!experiment) return null;
  const own = experiment.objective;
  const given = Objective.safeParse(draft.value(path));
  const finals = experiment.metrics.filter((metric) => metric.final);
  const measured = finals.find(({ name }) => name === (given.data ?? own).metric);
  const text = ({ metric, direction }: Objective) => `${direction} ${metric}`;
  return (
    <NativeSelect
      {...common}
      description={[common.description && `${common.description}.`, measured?.description].filter(Boolean).join(" ")}
      error={common.error ?? wrong(`${path}.metric`) ?? wrong(`${path}.direction`)}
      data={[
        { value: "", label: `${text(own)} (${field.absent})` },
        ...finals.flatMap(({ name, title }) =>
          (["minimize", "maximize"] as const).map((direction) => ({
            value: text({ metric: name, direction }),
            label: `${direction} ${title}`,
          })),
        ),
      ]}
      value={given.success ? text(given.data) : ""}
      onChange={(event) => {
        const [direction, metric] = event.currentTarget.value.split(" ");
        change(draft.with(path, metric === undefined ? undefined : { metric, direction }));
      }}
    />
  );
}
