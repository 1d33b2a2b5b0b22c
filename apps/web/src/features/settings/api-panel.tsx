"use client";
import { apiPrefix } from "@basin/contracts";
import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useSyncExternalStore } from "react";
import { Panel } from "../layout/panel";
import { useSession } from "../session/use-session";
import css from "./settings.module.css";

const never = () => () => undefined;

/** Where programs reach this Basin, and a command that does. */
export function ApiPanel({ apiOrigin }: { apiOrigin: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  const session = useSession();
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
  const authorization = session.data?.auth === "token" ? ' \\\n  -H "authorization: Bearer $BASIN_TOKEN"' : "";
  const command = `curl -sS '${origin}${apiPrefix}/sweeps?limit=5&state=running'${authorization}`;
  return (
    <Panel
      title="API"
      actions={
        <Button size="xs" variant="default" aria-live="polite" onClick={() => clipboard.copy(command)}>
          {clipboard.copied ? "Copied" : "Copy the command"}
        </Button>
      }
    >
      <dl className={css.addresses}>
        <dt>Through this dashboard</dt>
        <dd>
          <code>
            {origin}
            {apiPrefix}
          </code>
        </dd>
        <dt>The API itself</dt>
        <dd>
          <code>
            {apiOrigin}
            {apiPrefix}
          </code>{" "}
          <span className={css.note}>as the dashboard’s server reaches it</span>
        </dd>
        <dt>Documentation</dt>
        <dd>
          <a href="/api/docs">every route, with its schema</a>
        </dd>
      </dl>
      <pre className={css.code} tabIndex={0} aria-label="Example command">
        {command}
      </pre>
    </Panel>
  );
}
