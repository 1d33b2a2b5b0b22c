"use client";
import { ChangeV2, routeUrl, type SweepId } from "@basin/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { applyChanges } from "@/api-client/apply-changes";
import type { LiveFeed } from "@basin/client";
import { useLiveStream } from "./use-live-stream";

const feed: LiveFeed<ChangeV2> = { events: ["sweep", "runs", "metrics"], schema: ChangeV2 };

/**
 * Keeps every cached answer about one sweep (or, with null, about all sweeps) current for as long as the page is shown and
 * there is something to follow.
 */
export function useLive(sweep: SweepId | null, wanted = true): void {
  const client = useQueryClient();
  const url = sweep === null ? routeUrl("", "events", {}) : routeUrl("", "sweepEvents", { params: { sweep } });
  useLiveStream(
    wanted ? url : null,
    feed,
    useCallback((changes: readonly ChangeV2[]) => applyChanges(client, changes), [client]),
  );
}
