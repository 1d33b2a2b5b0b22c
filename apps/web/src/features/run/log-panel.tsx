"use client";
import type { RunDetail } from "@basin/contracts";
import { formatBytes } from "@basin/ui";
import { Button, Skeleton } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { basin } from "@/api-client/api";
import { Panel } from "../layout/panel";
import { Problem } from "../problems/problem";
import css from "./run.module.css";

/** Of a longer log its end is shown. */
const shownBytes = 64 * 1024;

async function endOf({ id, bytes }: RunDetail["artifacts"][number]): Promise<string> {
  const from = Math.max(0, bytes - shownBytes);
  const range = from === 0 ? undefined : `bytes=${from}-`;
  const text = new TextDecoder().decode(await basin.content("getArtifactContent", { params: { artifact: id } }, { range }));
  // The first line is most likely cut.
  return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
}

/** What the run's newest attempt wrote: its artifact of the kind `log`. */
export function LogPanel({ run }: { run: RunDetail }) {
  const log = run.artifacts.filter(({ kind }) => kind === "log").at(-1);
  const query = useQuery({ queryKey: ["log", log?.id], queryFn: log ? () => endOf(log) : skipToken });
  if (!log) return null;
  const url = basin.url("getArtifactContent", { params: { artifact: log.id } });
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
