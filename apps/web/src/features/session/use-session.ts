"use client";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Session } from "@basin/contracts";
import { routeQuery } from "@/api-client/route-query";

const sessionQuery = routeQuery("getSession", {});
export const sessionKey = sessionQuery.queryKey;

/** Who is asking, and whether this Basin wants a token. */
export const useSession = (): UseQueryResult<Session> => useQuery(sessionQuery);
