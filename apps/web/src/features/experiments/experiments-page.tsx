"use client";
import { Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { experimentGroups } from "../new-sweep/experiment-groups";
import { Problem } from "../problems/problem";
import css from "./experiments.module.css";

/** The catalogue: every experiment by family, each with a page of its own. */
export function ExperimentsPage() {
  const query = useQuery(routeQuery("getCatalog", {}));
  const [search, setSearch] = useState("");
  const groups = experimentGroups(query.data?.experiments ?? [], search, "");
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1>Experiments</h1>
        <TextInput
          type="search"
          size="sm"
          aria-label="Search experiments"
          placeholder="Search experiments"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {query.data === undefined &&
        (query.error ? (
          <Problem error={query.error} what="The catalogue" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={480} role="status" aria-busy="true" aria-label="Loading" />
        ))}
      {groups.map(({ title, experiments }) => (
        <Panel key={title} title={title}>
          <ul className={css.list}>
            {experiments.map((experiment) => (
              <li key={experiment.id}>
                <PageLink href={`/experiments/${experiment.id}`}>{experiment.title}</PageLink>
                <p className={css.soft}>{experiment.summary}</p>
              </li>
            ))}
          </ul>
        </Panel>
      ))}
      {query.data && groups.length === 0 && <p role="status">No experiment matches “{search.trim()}”.</p>}
    </div>
  );
}
