"use client";
import { routeUrl, type RunDetail } from "@basin/contracts";
import { formatBytes } from "@basin/ui";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Panel } from "../layout/panel";
import { Problem } from "../problems/problem";
import css from "./run.module.css";

/** Of a longer log its end is shown. */
const shownBytes = 64 * 1024;

async function endOf(url: string, bytes: number): Promise<string> {
  const from = Math.max(0, bytes - shownBytes);
  const response = await fetch(url, from === 0 ? {} : { headers: { range: `bytes=${from}-` } });
  if (!response.ok) throw new Error(`the log could not be read: ${response.status} ${response.statusText}`);
  const text = await response.text();
  // The first line is most likely cut.
  return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
}

/** What the run's newest attempt wrote: its artifact of the kind `log`. */
export function LogPanel({ run }: { run: RunDetail }) {
  const log = run.artifacts.filter(({ kind }) => kind === "log").at(-1);
  const url = log ? routeUrl("", "getArtifactContent", { params: { artifact: log.id } }) : "";
  const query = useQuery({ queryKey: ["log", log?.id], queryFn: () => endOf(url, log?.bytes ?? 0), enabled: log !== undefined });
  if (!log) return null;
  return (
    <Panel
      title="Log"
      note={log.bytes > shownBytes ? `its end; all of it has ${formatBytes(log.bytes)}` : `attempt ${log.attempt}`}
      actions={
        <Button size="xs" variant="default" component="a" href={url} download={`${run.id}-${log.name}`}>
          Download
        </Button>
      }
    >
      {query.error ? (
        <Problem error={query.error} what="The log" onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Skeleton height={120} />
      ) : (
        <pre className={css.log} tabIndex={0} role="region" aria-label="Log">
          {query.data === "" ? "Nothing was written." : query.data}
        </pre>
      )}
    </Panel>
  );
}
