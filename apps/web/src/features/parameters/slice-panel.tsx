"use client";
import type { ParameterSample } from "@basin/contracts";
import { DrawingPlot, sliceDrawing, type Canvas } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback, useMemo } from "react";
import { Panel } from "../layout/panel";
import { Answer } from "../sweep-parts/answer";
import { coverageText, figureAxis } from "../sweep-parts/figure-choice";
import { drawnText, samplePoints, valuedItems } from "./sample-points";

/** The figure against each parameter alone. */
export function SlicePanel({ query }: { query: UseQueryResult<ParameterSample> }) {
  return (
    <Panel
      title="Slices"
      note={query.data && coverageText(query.data.coverage, query.data.per === "trial" ? "configurations" : "runs")}
    >
      <Answer query={query} what="The parameters" height={360}>
        {(sample) => <Slices sample={sample} />}
      </Answer>
    </Panel>
  );
}

function Slices({ sample }: { sample: ParameterSample }) {
  const scheme = useComputedColorScheme("light");
  const router = useRouter();
  const { points, parameters } = useMemo(() => samplePoints(sample), [sample]);
  const draw = useCallback(
    (canvas: Canvas) => sliceDrawing(parameters, points, figureAxis(sample.figure), canvas),
    [parameters, points, sample.figure],
  );
  return (
    <DrawingPlot
      title={`${sample.figure.title} against each parameter`}
      caption={drawnText(valuedItems(sample).length, sample.per)}
      scheme={scheme}
      draw={draw}
      empty="Nothing has finished with a value yet."
      {...(sample.per === "run" ? { onPick: (run: string) => router.push(`/runs/${run}`) } : {})}
    />
  );
}
