import { QueryClient } from "@tanstack/react-query";
import { isAway } from "./api";

const retryMilliseconds = 3000;

/**
 * Live events keep the cache fresh, so nothing is read again merely because it is shown again; a query that failed because the
 * API is away asks again until it answers.
 */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: false,
        refetchOnWindowFocus: true,
        refetchInterval: (query) => (isAway(query.state.error) ? retryMilliseconds : false),
      },
      mutations: { retry: false },
    },
  });
