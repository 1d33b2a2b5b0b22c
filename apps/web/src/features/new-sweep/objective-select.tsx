"use client";
import { Objective } from "@basin/contracts";
import { NativeSelect } from "@mantine/core";
import type { ChooserProps } from "./draft-form";

/** A share of runs that met something is worth having more of. */
export const directionsOf = ({ share }: { share?: true | undefined }) =>
  share ? (["maximize"] as const) : (["minimize", "maximize"] as const);

/** Chooses one of the experiment's final metrics with a direction, or leaves it to the experiment. */
export function ObjectiveSelect({ form: { draft, change, wrong, experiment }, path, field, common }: ChooserProps) {
  if (!experiment) return null;
  const own = experiment.objective;
  const given = Objective.safeParse(draft.value(path));
  // A class has no order, and what the data alone decide is nothing to search for.
  const finals = experiment.metrics.filter((metric) => metric.final && !metric.categories && metric.ofData !== true);
  const measured = finals.find(({ name }) => name === (given.data ?? own).metric);
  const text = ({ metric, direction }: Objective) => `${direction} ${metric}`;
  return (
    <NativeSelect
      {...common}
      description={[common.description && `${common.description}.`, measured?.description].filter(Boolean).join(" ")}
      error={common.error ?? wrong(`${path}.metric`) ?? wrong(`${path}.direction`)}
      data={[
        { value: "", label: `${text(own)} (${field.absent})` },
        ...finals.flatMap((metric) =>
          directionsOf(metric).map((direction) => ({
            value: text({ metric: metric.name, direction }),
            label: `${direction} ${metric.title}`,
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
