"use client";
import type { ParameterSample } from "@basin/contracts";
import { DrawingPlot, formatCount, formatNumber, formatParameter, parallelDrawing, type Canvas } from "@basin/ui";
import { Button, useComputedColorScheme } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { type CompareItem, compareUrl } from "../compare/compare-url";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { coverageText, figureAxis } from "../sweep-parts/figure-choice";
import css from "./parameters.module.css";
import { sampleCoordinates } from "./sample-points";

export const perOptions = [
  { value: "trial", label: "A line per configuration" },
  { value: "run", label: "A line per run" },
] as const;
type Per = (typeof perOptions)[number]["value"];
const listed = 12;

export interface ParallelPanelProps {
  query: UseQueryResult<ParameterSample>;
  per: Per;
  onPer: (per: Per) => void;
}

/** Every configuration or run as a line through its parameters; brushing an axis keeps what passes it. */
export function ParallelPanel({ query, per, onPer }: ParallelPanelProps) {
  return (
    <Panel
      title="Parallel coordinates"
      note={query.data && coverageText(query.data.coverage, query.data.per === "trial" ? "configurations" : "runs")}
      actions={<Choice label="Lines" options={perOptions} value={per} onChange={onPer} />}
    >
      <Answer query={query} what="The parameters" height={480}>
        {(sample) => <Parallel sample={sample} />}
      </Answer>
    </Panel>
  );
}

function Parallel({ sample }: { sample: ParameterSample }) {
  const scheme = useComputedColorScheme("light");
  const [kept, setKept] = useState<number[] | null>(null);
  const axis = useMemo(() => figureAxis(sample.figure), [sample.figure]);
  const { items, coordinates } = useMemo(() => sampleCoordinates(sample, axis), [sample, axis]);
  const draw = useCallback((canvas: Canvas) => parallelDrawing(coordinates, canvas), [coordinates]);
  const brushed = kept === null ? null : kept.flatMap((line) => items[line] ?? []);
  const per = sample.per === "trial" ? "configurations: mean over their initializations" : "runs";
  return (
    <>
      <DrawingPlot
        title="Parallel coordinates"
        titled={false}
        caption={`A line for each of ${formatCount(items.length)} ${per}, coloured by ${axis.label}. Drag along an axis to keep what passes there; a press on the axis releases it.`}
        scheme={scheme}
        draw={draw}
        empty="Nothing has finished with a value yet."
        onBrush={setKept}
      />
      {brushed && <Kept sample={sample} items={brushed} of={items.length} />}
    </>
  );
}

function Kept({ sample, items, of }: { sample: ParameterSample; items: readonly number[]; of: number }) {
  const first = items.slice(0, listed);
  const compared = first.map((at): CompareItem => {
    const run = sample.runs[at];
    return run === undefined
      ? {
          sweep: sample.sweep,
          group: Object.fromEntries(
            sample.axes.flatMap(({ name }) => {
              const value = sample.parameters[name]?.[at];
              return value === undefined ? [] : [[name, value]];
            }),
          ),
        }
      : { run };
  });
  return (
    <div className={css.kept}>
      <p role="status">
        {formatCount(items.length)} of {formatCount(of)} kept{items.length > listed ? `; the best ${listed}:` : ":"}
        {compared.length > 1 && (
          <Button size="compact-xs" variant="default" component={PageLink} href={compareUrl({ items: compared })}>
            Compare these
          </Button>
        )}
      </p>
      <ScrollTable label="Kept by the brush">
        <thead>
          <tr>
            <th scope="col">{sample.per === "trial" ? "Trial" : "Run"}</th>
            {sample.axes.map(({ name, title }) => (
              <th key={name} scope="col">
                {title}
              </th>
            ))}
            <th scope="col" className={tables.right}>
              {sample.figure.title}
            </th>
          </tr>
        </thead>
        <tbody>
          {first.map((at) => (
            <tr key={at}>
              <td>
                {sample.runs[at] === undefined ? (
                  sample.trials[at]
                ) : (
                  <PageLink href={`/runs/${sample.runs[at]}`}>{sample.runs[at]}</PageLink>
                )}
              </td>
              {sample.axes.map(({ name }) => (
                <td key={name}>{formatParameter(sample.parameters[name]?.[at])}</td>
              ))}
              <td className={tables.right}>{formatNumber(sample.values[at])}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </div>
  );
}
