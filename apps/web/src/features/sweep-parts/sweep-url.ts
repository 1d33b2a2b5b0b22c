"use client";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";

/** New values of the address' fields: null takes a field out, a list is joined by commas. */
export type UrlChanges = Readonly<Record<string, string | readonly string[] | null>>;

/** What a sweep's page shows, as far as it stands in the address: a view can be shared and survives a reload. */
export interface SweepUrl {
  get(name: string): string | null;
  /** Comma-separated; null when the field is not there, empty when it is empty. */
  list(name: string): string[] | null;
  set(changes: UrlChanges): void;
}

/** A query after changes; commas stay readable. */
export function queryWith(query: string, changes: UrlChanges): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, typeof value === "string" ? value : value.join(","));
  }
  const text = next.toString().replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}

export const listOf = (text: string | null): string[] | null =>
  text === null ? null : text.split(",").filter((part) => part !== "");

/**
 * The address is replaced, not pushed: going back leaves the page as a person expects. A change is seen at once, before the
 * router has followed, so that a control never falls back to its old value in between.
 */
export function useSweepUrl(): SweepUrl {
  const routed = useSearchParams().toString();
  const [ahead, setAhead] = useState({ text: routed, since: routed });
  const text = ahead.since === routed ? ahead.text : routed;
  return useMemo(() => {
    const query = new URLSearchParams(text);
    return {
      get: (name) => query.get(name),
      list: (name) => listOf(query.get(name)),
      set: (changes) => {
        const next = queryWith(window.location.search, changes);
        window.history.replaceState(null, "", `${window.location.pathname}${next}`);
        setAhead({ text: next, since: routed });
      },
    };
  }, [text, routed]);
}
