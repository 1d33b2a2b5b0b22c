"use client";
import type { EquationTerms } from "@basin/contracts";
import { DrawingPlot, heatMapDrawing, plainLatex, type Canvas, termPathsDrawing } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback, useMemo, useState } from "react";
import { Panel } from "../layout/panel";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { coverageText } from "../sweep-parts/figure-choice";
import type { ConfigurationOption } from "./configurations";
import { termHeatMap, termPaths } from "./equation-terms";

export interface TermsPanelProps {
  /** Of the chosen configuration, with histories. */
  query: UseQueryResult<EquationTerms>;
  configurations: readonly ConfigurationOption[];
  chosen: ConfigurationOption;
  onChoose: (value: string) => void;
}

/** Which terms each seed of a configuration kept, with which coefficients, and how they got there. */
export function TermsPanel({ query, configurations, chosen, onChoose }: TermsPanelProps) {
  const [state, setState] = useState(0);
  const equations = query.data?.equations ?? [];
  return (
    <Panel
      title="Terms and coefficients"
      note={query.data && coverageText(query.data.coverage, "runs with an equation")}
      actions={
        <>
          {equations.length > 1 && (
            <Choice
              label="Left-hand side"
              options={equations.map((latex, i) => ({ value: String(i), label: plainLatex(latex) }))}
              value={String(state)}
              onChange={(value) => setState(Number(value))}
            />
          )}
          <Choice label="Configuration of the terms" options={configurations} value={chosen.value} onChange={onChoose} />
        </>
      }
    >
      <Answer query={query} what="The equations" height={420}>
        {(terms) => <TermPlots terms={terms} state={Math.min(state, Math.max(0, terms.equations.length - 1))} />}
      </Answer>
    </Panel>
  );
}

function TermPlots({ terms, state }: { terms: EquationTerms; state: number }) {
  const scheme = useComputedColorScheme("light");
  const router = useRouter();
  const heat = useMemo(() => termHeatMap(terms, state), [terms, state]);
  const paths = useMemo(() => termPaths(terms, state), [terms, state]);
  const drawHeat = useCallback((canvas: Canvas) => heat && heatMapDrawing(heat, canvas), [heat]);
  const drawPaths = useCallback((canvas: Canvas) => termPathsDrawing(paths.terms, canvas), [paths]);
  return (
    <>
      <DrawingPlot
        title="Coefficient by seed and term"
        caption="Empty: the term was pruned. ✓ and ✗: whether the run met the success criterion."
        scheme={scheme}
        draw={drawHeat}
        empty="No run of this configuration has found an equation yet."
      />
      <DrawingPlot
        title="Coefficients over pruning"
        caption={`One line per seed; it ends where the term is pruned.${paths.left > 0 ? ` The ${paths.terms.length} terms that lasted longest of ${paths.terms.length + paths.left}.` : ""}`}
        scheme={scheme}
        draw={drawPaths}
        empty="No history of coefficients was stored."
        onPick={(run) => router.push(`/runs/${run}`)}
      />
    </>
  );
}
