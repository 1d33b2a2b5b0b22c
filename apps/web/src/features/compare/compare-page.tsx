"use client";
import type { Comparison } from "@basin/contracts";
import { Button, CopyButton, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { routeQuery } from "@/api-client/route-query";
import { Problem } from "../problems/problem";
import { AddItems, ItemList } from "./add-items";
import { CompareCurves } from "./compare-curves";
import { ComparedPlots } from "./compared-plots";
import { CompareMetrics, CompareParameters } from "./compare-tables";
import { type CompareItem, type CompareState, compareStateOf, compareUrl } from "./compare-url";
import css from "./compare.module.css";
import { itemLabels } from "./item-labels";

/** Any runs and groups beside each other. What is shown stands in the address, so that a view can be passed on. */
export function ComparePage() {
  const query = useSearchParams();
  const router = useRouter();
  const path = usePathname();
  const state = useMemo(() => compareStateOf(new URLSearchParams(query)), [query]);
  const change = useCallback(
    (part: Partial<CompareState>) => router.replace(compareUrl({ ...state, ...part }), { scroll: false }),
    [router, state],
  );
  const comparison = useQuery(routeQuery("compare", state.items.length > 0 ? { body: { items: [...state.items] } } : null));
  const named = comparison.data?.items[0] && { experiment: comparison.data.items[0].sweep.experiment };
  const experiment = useQuery(routeQuery("getExperiment", named ? { params: named } : null));
  const data: Comparison | undefined = state.items.length > 0 ? comparison.data : undefined;
  const labels = useMemo(() => (data ? itemLabels(data) : []), [data]);
  return (
    <>
      <header className={css.header}>
        <h1>Compare</h1>
        <CopyButton value={typeof window === "undefined" ? path : window.location.href}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy} disabled={state.items.length === 0}>
              {copied ? "Copied" : "Copy link"}
            </Button>
          )}
        </CopyButton>
      </header>
      <AddItems onAdd={(items) => change({ items: [...state.items, ...items] })} />
      {state.items.length === 0 ? (
        <p className={css.empty}>
          Nothing is compared yet. Choose sweeps by name above, write run or sweep ids, or choose “Compare” in a sweep&apos;s
          table of runs. The first one is the baseline that the others are held against.
        </p>
      ) : !data ? (
        comparison.error ? (
          <>
            <Problem error={comparison.error} what="Something that is compared" onRetry={() => void comparison.refetch()} />
            <ItemList items={state.items} onRemove={(at) => change({ items: state.items.filter((_, i) => i !== at) })} />
          </>
        ) : (
          <Skeleton height={420} role="status" aria-busy="true" aria-label="Loading" />
        )
      ) : (
        <div className={css.parts}>
          <CompareMetrics
            comparison={data}
            labels={labels}
            onBaseline={(at) => {
              const chosen = state.items[at];
              if (chosen) change({ items: withBaseline(state.items, at) });
            }}
            onRemove={(at) => change({ items: state.items.filter((_, i) => i !== at) })}
          />
          <CompareCurves
            state={state}
            labels={labels}
            metrics={experiment.data?.metrics ?? []}
            stepUnit={experiment.data?.stepUnit ?? "step"}
            onChange={change}
          />
          <CompareParameters
            comparison={data}
            labels={labels}
            onlyDifferences={state.differences !== false}
            onChange={(differences) => change({ differences })}
          />
          <ComparedPlots items={data.items} labels={labels} plots={experiment.data?.plots ?? []} />
        </div>
      )}
    </>
  );
}

/** Runs and groups are listed apart in the address, so the chosen one goes first among its like, and its like first of all. */
function withBaseline(items: readonly CompareItem[], at: number): CompareItem[] {
  const chosen = items[at];
  if (!chosen) return [...items];
  const rest = items.filter((_, i) => i !== at);
  const like = rest.filter((item) => "run" in item === "run" in chosen);
  return [chosen, ...like, ...rest.filter((item) => !like.includes(item))];
}
