"use client";
import { ApiError, messageOf } from "@basin/contracts";
import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import css from "./sign-in.module.css";
import { sessionKey } from "./use-session";

/** Takes a token and keeps it in a cookie that scripts cannot read. */
export function SignIn() {
  const client = useQueryClient();
  const [token, setToken] = useState("");
  const open = useMutation({
    mutationFn: () => api("openSession", { body: { token: token.trim() } }),
    onSuccess: async (session) => {
      client.setQueryData(sessionKey, session);
      await client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
    },
  });
  const refused = open.error instanceof ApiError && open.error.status === 401;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== "") open.mutate();
      }}
    >
      <h1>This Basin asks for a token</h1>
      <p>
        It was started with <code>BASIN_AUTH=token</code>. Paste a token here; it is kept in a cookie of this browser for 30 days.
        Whoever has one already can make another for you under Settings; the first one lies in the file that{" "}
        <code>npm start</code> names.
      </p>
      <PasswordInput
        label="Token"
        placeholder="basin_…"
        autoComplete="current-password"
        value={token}
        error={
          open.error ? (refused ? "This token is not accepted: it is mistyped or was revoked." : messageOf(open.error)) : null
        }
        onChange={(event) => setToken(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" mt="md" disabled={token.trim() === ""} loading={open.isPending}>
        Go on
      </Button>
    </form>
  );
}
