import type { ExperimentDescriptor, MetricDescriptor } from "@basin/contracts";
import { parameterText } from "./terminal/number-format";
import type { Style } from "./terminal/style";
import { tableLines } from "./terminal/table";

interface Property {
  title?: string;
  description?: string;
  "x-choices"?: Record<string, string>;
}

/** What an experiment is: its description, its parameters, with what each name of a choice stands for, and its metrics with their formulas. */
export function experimentLines(found: ExperimentDescriptor, { bold, dim }: Style, width: number | undefined): string[] {
  const properties = Object.entries((found.parameters.properties ?? {}) as Record<string, Property>);
  const wide = width === undefined ? {} : { width };
  const parameters = properties.flatMap(([name, property]) => [
    [name, parameterText(found.defaults[name]), [property.title, property.description].filter(Boolean).join(": ")],
    ...Object.entries(property["x-choices"] ?? {}).map(([choice, text]) => ["", "", `${choice}: ${text}`]),
  ]);
  return [
    `${bold(found.title)}  ${dim(found.id)}`,
    found.summary,
    "",
    ...found.description.split("\n"),
    "",
    `source: ${found.source}`,
    `objective: ${found.objective.direction} ${found.objective.metric}${found.success ? `; success: ${found.success.text}` : ""}`,
    "",
    ...tableLines([{ title: "parameter" }, { title: "default", align: "right" }, { title: "what" }], parameters, {
      titleStyle: dim,
      ...wide,
    }),
    "",
    ...tableLines(
      [{ title: "metric" }, { title: "when" }, { title: "what" }],
      found.metrics.map((metric) => [metric.name, whenOf(metric), [metric.title, metric.description].filter(Boolean).join(": ")]),
      { titleStyle: dim, ...wide },
    ),
  ];
}

function whenOf({ series, final }: MetricDescriptor): string {
  return [...(series ? ["curve"] : []), ...(final ? ["end"] : [])].join(", ");
}
