"use client";
import { mostObjectives, Objective } from "@basin/contracts";
import { MultiSelect } from "@mantine/core";
import { z } from "zod";
import type { ChooserProps } from "./draft-form";
import { directionsOf } from "./objective-select";

const Given = z.array(Objective).catch([]);
const textOf = ({ metric, direction }: Objective) => `${direction} ${metric}`;

/** Chooses final metrics of the experiment, each with a direction; with none chosen the objective stands alone. */
export function ObjectivesSelect({ form: { draft, change, wrong, experiment }, path, field, common }: ChooserProps) {
  if (!experiment) return null;
  const finals = experiment.metrics.filter((metric) => metric.final && !metric.categories && metric.ofData !== true);
  const given = Given.parse(draft.value(path));
  return (
    <MultiSelect
      {...common}
      error={common.error ?? given.map((_, i) => wrong(`${path}[${i}]`) ?? wrong(`${path}[${i}].metric`)).find(Boolean)}
      maxValues={mostObjectives}
      placeholder={given.length === 0 ? field.absent : ""}
      data={finals.flatMap((metric) =>
        directionsOf(metric).map((direction) => ({
          value: textOf({ metric: metric.name, direction }),
          label: `${direction} ${metric.title}`,
        })),
      )}
      value={given.map(textOf)}
      onChange={(texts) => {
        const objectives = texts.map((text) => {
          const [direction, metric] = text.split(" ");
          return { metric, direction };
        });
        change(draft.with(path, objectives.length === 0 ? undefined : objectives));
      }}
    />
  );
}
