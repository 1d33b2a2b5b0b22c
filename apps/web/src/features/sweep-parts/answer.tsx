"use client";
import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem, StaleNotice } from "../problems/problem";

export interface AnswerProps<T> {
  query: UseQueryResult<T>;
  /** What is read, as in "The results could not be read". */
  what: string;
  /** CSS pixels that the panel takes while it waits, so that nothing jumps. */
  height: number;
  children: (data: T) => ReactNode;
}

/** A panel's answer, the wait for it, or why there is none; an older answer stays while a newer one is missing. */
export function Answer<T>({ query, what, height, children }: AnswerProps<T>) {
  if (query.data !== undefined) {
    return (
      <>
        <StaleNotice error={query.error} />
        {children(query.data)}
      </>
    );
  }
  return query.error ? (
    <Problem error={query.error} what={what} onRetry={() => void query.refetch()} />
  ) : (
    <Skeleton height={height} role="status" aria-busy="true" aria-label="Loading" />
  );
}
