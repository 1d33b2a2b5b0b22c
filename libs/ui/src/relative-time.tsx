import { useSyncExternalStore } from "react";
import { formatAgo, missing } from "./format";

let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  // One value per second, whoever asks: a snapshot must not change between two reads of one render.
  if (Date.now() - now >= 1000) now = Date.now();
  return now;
}

/** Milliseconds since 1970, ticking once a second for all who use it; null while rendering on the server. */
export function useNow(): number | null {
  return useSyncExternalStore(subscribe, read, () => null);
}

/** "5 min ago" with the absolute local time as its title; "–" for null. */
export function RelativeTime({ time }: { time: string | null }) {
  const current = useNow();
  if (time === null) return <>{missing}</>;
  const then = Date.parse(time);
  return (
    <time dateTime={time} title={current === null ? time : new Date(then).toLocaleString()}>
      {current === null ? time.slice(0, 16).replace("T", " ") : formatAgo(then, Math.max(current, then))}
    </time>
  );
}
