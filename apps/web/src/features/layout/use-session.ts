"use client";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Session } from "@basin/contracts";
import { api } from "@/api-client/api";

export const sessionKey = ["session"] as const;

/** Who is asking, and whether this Basin wants a token. */
export const useSession = (): UseQueryResult<Session> =>
  useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => api("getSession", {}, { signal }),
    staleTime: 300_000,
  });
