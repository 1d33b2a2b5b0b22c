"use client";
import { loadedLater } from "@basin/ui";
import css from "./notes.module.css";

const view = loadedLater(() => import("./notes-view").then((module) => module.default));

/** Notes in Markdown with formulas and links to runs and sweeps; until the code for that is loaded, as they were written. */
export function Notes({ text }: { text: string }) {
  return <view.Content given={{ text }} waiting={<p className={css.plain}>{text}</p>} />;
}
