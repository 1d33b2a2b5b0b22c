"use client";
import { useSyncExternalStore } from "react";
import type { LiveStatus } from "@basin/client";

let current: LiveStatus | null = null;
const listeners = new Set<() => void>();

/** The state of the page's live connection; null while no page has one. */
export function publishLiveStatus(status: LiveStatus | null): void {
  current = status;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLiveStatus = (): LiveStatus | null =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => null,
  );
