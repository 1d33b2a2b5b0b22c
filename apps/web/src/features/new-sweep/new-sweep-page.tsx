"use client";
import { type Catalog, type Sweep, SweepId } from "@basin/contracts";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { catalogQuery, sweepQuery } from "@/api-client/queries";
import { Notice, Problem } from "../problems/problem";
import { SweepFormView } from "./sweep-form-view";
import { useSweepForm } from "./use-sweep-form";

/** A form for any experiment of the catalogue; `?clone=<sweep>` starts from an existing sweep. */
export function NewSweepPage() {
  const cloned = SweepId.safeParse(useSearchParams().get("clone"));
  const catalog = useQuery(catalogQuery);
  const source = useQuery({ ...sweepQuery(cloned.data ?? SweepId.parse("00000000")), enabled: cloned.success });
  const waiting = catalog.data === undefined || (cloned.success && source.data === undefined);
  const error = catalog.data === undefined ? catalog.error : cloned.success && source.data === undefined ? source.error : null;
  return (
    <>
      <h1>{source.data ? `Clone of ${source.data.name}` : "New sweep"}</h1>
      {error ? (
        <Problem
          error={error}
          what={catalog.data === undefined ? "The catalogue" : "The sweep to clone"}
          onRetry={() => void (catalog.data === undefined ? catalog : source).refetch()}
        />
      ) : waiting ? (
        <Skeleton height={420} mt="md" />
      ) : (
        <Filled catalog={catalog.data} source={source.data ?? null} />
      )}
    </>
  );
}

function Filled({ catalog, source }: { catalog: Catalog; source: Sweep | null }) {
  const state = useSweepForm(catalog, source);
  if (!state) return <Notice title="There is nothing to sweep">The catalogue of this Basin lists no experiment.</Notice>;
  return <SweepFormView state={state} source={source} />;
}
