"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Outdated } from "@/api-client/apply-changes";
import { LiveConnection, type LiveFeed } from "@basin/client";
import { Refresher } from "@/api-client/refresher";
import { sessionKey } from "../session/use-session";
import { publishLiveStatus } from "./live-status";

/**
 * Follows a stream of events for as long as the page is shown; null: nothing to follow. `onChanges` writes them into what is shown
 * and returns what has to be read again. After a gap everything but the catalogue is read again.
 */
export function useLiveStream<C>(
  url: string | null,
  feed: LiveFeed<C>,
  onChanges: (changes: readonly C[]) => readonly Outdated[],
) {
  const client = useQueryClient();
  const handler = useRef(onChanges);
  useEffect(() => {
    handler.current = onChanges;
  }, [onChanges]);
  useEffect(() => {
    if (url === null) return;
    const refresher = new Refresher(client, () => Date.now());
    const connection = new LiveConnection({
      url,
      feed,
      open: (address) => new EventSource(address),
      clock: () => Date.now(),
      onChanges: (changes) => {
        for (const outdated of handler.current(changes)) refresher.request(outdated);
      },
      onReconnect: () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "getCatalog" }),
      // A token that was revoked meanwhile: a page that only listens would not learn of it otherwise.
      onRefused: () => void client.invalidateQueries({ queryKey: sessionKey }),
      onStatus: publishLiveStatus,
    });
    return () => {
      connection.close();
      refresher.close();
      publishLiveStatus(null);
    };
  }, [client, url, feed]);
}
