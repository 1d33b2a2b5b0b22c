"use client";
import { messageOf } from "@basin/contracts";
import { Button } from "@mantine/core";
import { PageLink } from "@/features/layout/page-link";
import type { ReactNode } from "react";
import { isAway, isNotFound } from "@/api-client/api";
import css from "./problem.module.css";

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

export interface ProblemProps {
  error: unknown;
  /** What could not be read, as in "The sweep could not be read". */
  what: string;
  onRetry?: () => void;
}

/** A failed read: what happened, whether it mends itself, and what a person can do. */
export function Problem({ error, what, onRetry }: ProblemProps) {
  if (isNotFound(error)) {
    return (
      <Notice title={`${what} does not exist`}>
        {sentence(messageOf(error))} It may belong to another Basin, or the address was cut off.{" "}
        <PageLink href="/">All sweeps</PageLink>
      </Notice>
    );
  }
  return (
    <Notice title={isAway(error) ? "The API is away" : `${what} could not be read`}>
      <p>{sentence(messageOf(error))}</p>
      {isAway(error) ? (
        <p>This page keeps trying and goes on by itself.</p>
      ) : (
        onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )
      )}
    </Notice>
  );
}

export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={css.notice} role="alert">
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  );
}

/** The same within a page that still shows something older. */
export function StaleNotice({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <p className={css.inline} role="status">
      Not current: {messageOf(error)}
    </p>
  );
}
