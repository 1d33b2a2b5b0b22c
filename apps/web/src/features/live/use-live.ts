"use client";
import { routeUrl, type SweepId } from "@basin/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { applyChanges } from "@/api-client/apply-changes";
import { LiveConnection } from "@/api-client/live-connection";
import { Refresher } from "@/api-client/refresher";
import { publishLiveStatus } from "./live-status";

/**
 * Keeps every cached answer about one sweep (or, with null, about all sweeps) current for as long as the page is shown and
 * there is something to follow.
 */
export function useLive(sweep: SweepId | null, wanted = true): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!wanted) return;
    const refresher = new Refresher(client, () => Date.now());
    const connection = new LiveConnection({
      url: sweep === null ? routeUrl("", "events", {}) : routeUrl("", "sweepEvents", { params: { sweep } }),
      open: (url) => new EventSource(url),
      clock: () => Date.now(),
      onChanges: (changes) => {
        for (const outdated of applyChanges(client, changes)) refresher.request(outdated);
      },
      onReconnect: () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "catalog" }),
      onStatus: publishLiveStatus,
    });
    return () => {
      connection.close();
      refresher.close();
      publishLiveStatus(null);
    };
  }, [client, sweep, wanted]);
}
