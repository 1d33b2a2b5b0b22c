"use client";
import { routeUrl, TrainerChangeV1 } from "@basin/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { Outdated } from "@/api-client/apply-changes";
import type { LiveFeed } from "@basin/client";
import { keys, routeQuery } from "@/api-client/route-query";
import { useLiveStream } from "../live/use-live-stream";
import { type LivePacks, withPackChanges, withTrainerChanges } from "./trainer-changes";

const feed: LiveFeed<TrainerChangeV1> = { events: ["trainer"], schema: TrainerChangeV1 };
const { queryKey } = routeQuery("listTrainers", {});
const none: LivePacks = new Map();

/** Keeps the list of trainers current while it is shown; resolves to what each trains now, as far as it has said so. */
export function useLiveTrainers(): LivePacks {
  const client = useQueryClient();
  const [packs, setPacks] = useState(none);
  const known = useRef(none);
  const onChanges = useCallback(
    (changes: readonly TrainerChangeV1[]): Outdated[] => {
      const before = client.getQueryData(queryKey);
      const told = withTrainerChanges(before?.items ?? [], changes);
      if (before) client.setQueryData(queryKey, { ...before, items: told.trainers });
      const next = withPackChanges(known.current, changes);
      known.current = next.packs;
      setPacks(next.packs);
      return [
        // Changes do not say why one waits.
        { key: keys.trainers, everyMilliseconds: told.unknown ? 1000 : 10_000 },
        ...(next.moved ? [{ key: keys.trainerActivity, everyMilliseconds: 5000 }] : []),
      ];
    },
    [client],
  );
  useLiveStream(routeUrl("", "trainerEvents", {}), feed, onChanges);
  return packs;
}
