"use client";
import css from "./live-note.module.css";
import { useLiveStatus } from "./live-status";

/** Says whether the page follows changes as they happen, and since when it does not. */
export function LiveNote() {
  const status = useLiveStatus();
  if (!status) return null;
  if (status.state === "stale") {
    return (
      <span className={css.stale} role="status">
        Stale since <time>{new Date(status.since).toLocaleTimeString()}</time> – reconnecting …
      </span>
    );
  }
  return (
    <span className={css.note} title="Changes are shown as they happen">
      <span className={status.state === "live" ? css.live : css.wait} aria-hidden="true" />
      {status.state === "live" ? "Live" : "Connecting"}
    </span>
  );
}
