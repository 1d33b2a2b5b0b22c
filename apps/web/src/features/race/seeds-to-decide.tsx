"use client";
import { messageOf } from "@basin/contracts";
import type { Sweep } from "@basin/contracts";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import css from "./race.module.css";

/** How many more seeds decide which of two trials is better. Begins with the first two of the list. */
export function SeedsToDecide({ sweep, trials }: { sweep: Sweep; trials: readonly number[] }) {
  const [chosen, setChosen] = useState<{ a?: number; b?: number }>({});
  const { a = trials[0] ?? 0, b = trials[1] ?? 1 } = chosen;
  const query = useQuery({
    ...routeQuery("getSeedsToDecide", {
      params: { sweep: sweep.id },
      query: { a, b, alpha: sweep.spec.initializations?.alpha ?? 0.05 },
    }),
    enabled: a !== b,
  });
  const choices = trials.map((trial) => ({ value: String(trial), label: `trial ${trial}` }));
  const select = (label: string, value: number, set: (trial: number) => void) => (
    <Select
      label={label}
      size="xs"
      w={130}
      searchable
      allowDeselect={false}
      data={choices}
      value={String(value)}
      onChange={(next) => next !== null && set(Number(next))}
    />
  );
  return (
    <div className={css.decide}>
      {select("How many more seeds decide between", a, (trial) => setChosen({ a: trial, b }))}
      {select("and", b, (trial) => setChosen({ a, b: trial }))}
      <p role="status">
        {a === b ? "Choose two trials." : query.data ? query.data.reading : query.error ? messageOf(query.error) : "…"}
      </p>
    </div>
  );
}
