"use client";
import { type Catalog, type Sweep, SweepId } from "@basin/contracts";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { routeQuery } from "@/api-client/route-query";
import { Notice, Problem } from "../problems/problem";
import { SweepFormView } from "./sweep-form-view";
import { type FormStart, useSweepForm } from "./use-sweep-form";

/** With the diagnostic experiments, whose sweeps can be cloned and pasted as well; the cards leave them out. */
const wholeCatalogQuery = routeQuery("getCatalog", { query: { diagnostic: true } });

/**
 * A form for any experiment of the catalogue. `?from=<sweep>` starts from an existing sweep; `?experiment=<id>` from an
 * experiment, where other fields of the address give values to its parameters (`&dataset=<id>`).
 */
export function NewSweepPage() {
  const query = useSearchParams();
  const cloned = SweepId.safeParse(query.get("from") ?? query.get("clone"));
  const catalog = useQuery(wholeCatalogQuery);
  const source = useQuery(routeQuery("getSweep", cloned.success ? { params: { sweep: cloned.data } } : null));
  const waiting = catalog.data === undefined || (cloned.success && source.data === undefined);
  const error = catalog.data === undefined ? catalog.error : cloned.success && source.data === undefined ? source.error : null;
  const { experiment = null, ...values } = Object.fromEntries(query.entries());
  return (
    <>
      {error ? (
        <>
          <h1>New sweep</h1>
          <Problem
            error={error}
            what={catalog.data === undefined ? "The catalogue" : "The sweep to clone"}
            onRetry={() => void (catalog.data === undefined ? catalog : source).refetch()}
          />
        </>
      ) : waiting ? (
        <>
          <h1>New sweep</h1>
          <Skeleton height={420} mt="md" role="status" aria-busy="true" aria-label="Loading" />
        </>
      ) : (
        // Another address is another form.
        <Filled
          key={query.toString()}
          catalog={catalog.data}
          source={cloned.success ? (source.data ?? null) : null}
          experiment={experiment}
          values={values}
        />
      )}
    </>
  );
}

function Filled({ catalog, ...start }: { catalog: Catalog; source: Sweep | null } & FormStart) {
  const state = useSweepForm(catalog, start);
  if (!state) return <Notice title="There is nothing to sweep">The catalogue of this Basin lists no experiment.</Notice>;
  return <SweepFormView state={state} source={start.source} />;
}
