"use client";
import type { Importance, Sweep } from "@basin/contracts";
import { DrawingPlot, formatCount, formatPercent, importanceDrawing, type Canvas } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { Panel } from "../layout/panel";
import { routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { coverageText } from "../sweep-parts/figure-choice";
import type { SweepUrl } from "../sweep-parts/sweep-url";

const methods = [
  { value: "main-effects", label: "Main effects (share of variance)" },
  { value: "permutation", label: "Permutation of a random forest" },
] as const;

/** Which parameters matter for the figure, with the method named. */
export function ImportancePanel({ sweep, figure, url }: { sweep: Sweep; figure: string; url: SweepUrl }) {
  const method = methods.find(({ value }) => value === url.get("importance"))?.value ?? "main-effects";
  const query = useQuery(routeQuery("getImportance", { params: { sweep: sweep.id }, query: { metric: figure, method } }));
  return (
    <Panel
      title="Importance"
      note={query.data && coverageText(query.data.coverage, "runs")}
      actions={<Choice label="Method" options={methods} value={method} onChange={(value) => url.set({ importance: value })} />}
    >
      <Answer query={query} what="The importances" height={260}>
        {(importance) => <Bars importance={importance} />}
      </Answer>
    </Panel>
  );
}

/** What of the variance no parameter explains by itself: the initialization, with whatever it does to a parameter’s effect, and what only combinations of parameters explain. */
function otherShares(shares: readonly { share: number }[], seedShare: number | null): { name: string; share: number }[] {
  const rest = 1 - shares.reduce((sum, { share }) => sum + Math.max(0, share), 0) - Math.max(0, seedShare ?? 0);
  return [
    ...(seedShare === null ? [] : [{ name: "Initialization", share: seedShare }]),
    ...(rest > 0 ? [{ name: seedShare === null ? "Everything else" : "Parameters in combination", share: rest }] : []),
  ];
}

function Bars({ importance }: { importance: Importance }) {
  const scheme = useComputedColorScheme("light");
  const { method, parameters, explained, seedShare } = importance;
  const draw = useCallback(
    (canvas: Canvas) => {
      const main = method.id === "main-effects";
      const shares = parameters.map(({ title, importance: share }) => ({ name: title, share }));
      return importanceDrawing(
        main ? [...shares, ...otherShares(shares, seedShare)] : shares,
        main ? "share of variance" : "loss of R²",
        canvas,
        main,
      );
    },
    [parameters, method, seedShare],
  );
  const notes = [
    `${method.title}: ${method.description}`,
    ...(importance.scale === "log" ? ["The logarithm of the figure entered."] : []),
    `${formatCount(importance.n)} values entered.`,
    ...(importance.leftOut.reading === "" ? [] : [importance.leftOut.reading]),
    ...(explained === null
      ? ["Nothing is explained: the figure is the same in all of them, or too few differ."]
      : [
          method.id === "main-effects"
            ? `Together the parameters alone explain ${formatPercent(explained)}.`
            : `R² of the forest on runs it did not see: ${explained.toPrecision(3)}.`,
        ]),
    ...(seedShare === null ? [] : [`The initialization alone accounts for ${formatPercent(seedShare)} of the variance.`]),
  ];
  return (
    <DrawingPlot
      title={method.title}
      caption={notes.join(" ")}
      scheme={scheme}
      draw={draw}
      empty="It takes a few finished runs that differ."
    />
  );
}
