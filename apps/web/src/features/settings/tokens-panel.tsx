"use client";
import { Role, type Token } from "@basin/contracts";
import { missing, RelativeTime } from "@basin/ui";
import { Button, NativeSelect, Skeleton, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { routeQuery } from "@/api-client/route-query";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { reportDone, reportFailure } from "../layout/toasts";
import { sessionKey, useSession } from "../session/use-session";
import { Problem } from "../problems/problem";
import css from "./settings.module.css";

const tokensQuery = routeQuery("listTokens", {});

/** Whether a token is needed, who this browser is, and the tokens there are. */
export function TokensPanel() {
  const client = useQueryClient();
  const session = useSession();
  const { data, error, refetch } = useQuery(tokensQuery);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [project, setProject] = useState<string | null>(null);
  const projects = useQuery(routeQuery("listProjects", {}));
  const [revoking, setRevoking] = useState<Token | null>(null);
  const create = useMutation({
    mutationFn: () => api("createToken", { body: { name: name.trim(), role, ...(project === null ? {} : { project }) } }),
    onSuccess: async () => {
      setName("");
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
    onError: (cause) => reportFailure("Making a token", cause),
  });
  const revoke = useMutation({
    mutationFn: (token: string) => api("revokeToken", { params: { token } }),
    onSuccess: async (token) => {
      reportDone(`The token of ${token.name} is no longer accepted.`);
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
      await client.invalidateQueries({ queryKey: sessionKey });
    },
    onError: (cause) => reportFailure("Revoking", cause),
  });
  const leave = useMutation({
    mutationFn: () => api("closeSession", {}),
    onSuccess: (answer) => client.setQueryData(sessionKey, answer),
    onError: (cause) => reportFailure("Forgetting the token", cause),
  });
  const everywhere = useMutation({
    mutationFn: () => api("closeSessions", {}),
    onSuccess: async () => client.invalidateQueries({ queryKey: sessionKey }),
    onError: (cause) => reportFailure("Signing out everywhere", cause),
  });
  const wanted = session.data?.auth === "token";
  return (
    <Panel
      title="Tokens"
      actions={
        wanted && (
          <>
            <Button size="xs" variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
              Sign out
            </Button>
            <Button size="xs" variant="default" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
              Sign out everywhere
            </Button>
          </>
        )
      }
    >
      <p className={css.text}>
        {session.data === undefined ? (
          "…"
        ) : wanted ? (
          <>
            This Basin asks for a token. You are <strong>{session.data.owner}</strong>, {session.data.role} of the project{" "}
            <strong>{session.data.project ?? "any"}</strong>: sweeps you submit are yours by this name.
          </>
        ) : (
          <>
            This Basin asks nobody for a token, and everything belongs to <strong>{session.data.owner}</strong>. Start it with{" "}
            <code>BASIN_AUTH=token</code> to change that; tokens made here are accepted then.
          </>
        )}
      </p>
      {data === undefined ? (
        error ? (
          <Problem error={error} what="The list of tokens" onRetry={() => void refetch()} />
        ) : (
          <Skeleton height={80} role="status" aria-busy="true" aria-label="Loading" />
        )
      ) : data.items.length === 0 ? (
        <p className={tables.empty}>There is no token yet.</p>
      ) : (
        <ScrollTable label="List of tokens">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Project</th>
              <th scope="col">Made</th>
              <th scope="col">Last used</th>
              <th scope="col">
                <span className={tables.unseen}>Commands</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((token) => (
              <tr key={token.id}>
                <th scope="row" className={css.words}>
                  {token.name}
                  {token.kind === "session" && <span className={css.note}> (a browser)</span>}
                </th>
                <td>
                  {token.role}
                  {token.scope === "read" && <span className={css.note}> (only reads)</span>}
                </td>
                <td>{token.project ?? (token.pool === null ? missing : `pool ${token.pool}`)}</td>
                <td>
                  <RelativeTime time={token.createdAt} />
                </td>
                <td>{token.lastUsedAt === null ? missing : <RelativeTime time={token.lastUsedAt} />}</td>
                <td className={tables.right}>
                  {token.revokedAt === null ? (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Revoke the token of ${token.name}`}
                      onClick={() => setRevoking(token)}
                    >
                      Revoke …
                    </Button>
                  ) : (
                    <span className={css.note}>
                      revoked <RelativeTime time={token.revokedAt} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
      <form
        className={css.create}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") create.mutate();
        }}
      >
        <TextInput
          label="Make a token for"
          placeholder="a person or a script"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Role"
          data={[...Role.options]}
          value={role}
          onChange={(event) => setRole(Role.parse(event.currentTarget.value))}
        />
        <NativeSelect
          label="Project"
          data={[
            { value: "", label: role === "trainer" ? "all" : "your own" },
            ...(projects.data?.items ?? []).map((one) => ({ value: one.name, label: one.name })),
          ]}
          value={project ?? ""}
          onChange={(event) => setProject(event.currentTarget.value === "" ? null : event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === ""} loading={create.isPending}>
          Make a token
        </Button>
      </form>
      <div aria-live="polite">
        {create.data && <NewSecret name={create.data.name} secret={create.data.secret} onDone={() => create.reset()} />}
      </div>
      <ConfirmDialog
        opened={revoking !== null}
        title={`Revoke the token of ${revoking?.name ?? ""}?`}
        keep="Keep it"
        act="Revoke"
        isFinal
        onAct={() => revoking && revoke.mutate(revoking.id)}
        onClose={() => setRevoking(null)}
      >
        Whoever uses it is refused from now on, for good. Sweeps submitted with it stay, under the same name.
        {wanted && revoking?.name === session.data?.owner && " It may be the token of this browser."}
      </ConfirmDialog>
    </Panel>
  );
}

function NewSecret({ name, secret, onDone }: { name: string; secret: string; onDone: () => void }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <div className={css.secret}>
      <p>
        The token of <strong>{name}</strong>. It is shown only now: copy it to where it is needed.
      </p>
      <div className={css.value}>
        <code>{secret}</code>
        <Button size="compact-sm" variant="default" onClick={() => clipboard.copy(secret)}>
          {clipboard.copied ? "Copied" : "Copy"}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  );
}
