"use client";
import { ApiError } from "@basin/contracts";
import { hashKey, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type ReactNode, useEffect } from "react";
import { sessionKey, useSession } from "./use-session";

const sessionHash = hashKey(sessionKey);
const SignIn = dynamic(() => import("./sign-in").then((module) => module.SignIn), { ssr: false });

/** Asks for a token instead of showing the page, where this Basin wants one and the browser has none that is accepted. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useSession();
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ type, query }) => {
        const error: unknown = query.state.error;
        if (type !== "updated" || query.queryHash === sessionHash) return;
        // A token that was revoked meanwhile.
        if (error instanceof ApiError && error.status === 401 && client.getQueryState(sessionKey)?.fetchStatus === "idle")
          void client.invalidateQueries({ queryKey: sessionKey });
      }),
    [client],
  );
  return session.data?.auth === "token" && session.data.owner === null ? <SignIn /> : children;
}
