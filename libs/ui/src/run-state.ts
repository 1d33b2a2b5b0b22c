import { stateWord, type RunState } from "@basin/contracts";
import type { SchemeColor } from "./palette";

export interface RunStateLook {
  label: string;
  color: SchemeColor;
  /** Drawn with stripes as well, so that the state does not hang on colour alone. */
  striped: boolean;
}

/** In the order in which a progress bar shows them. Being through is no success, so it is not green. */
export const runStateLooks: Readonly<Record<RunState, RunStateLook>> = {
  succeeded: { label: stateWord("succeeded"), color: { light: "#44546a", dark: "#aebdd2" }, striped: false },
  diverged: { label: "diverged", color: { light: "#a33c88", dark: "#e07cc0" }, striped: true },
  failed: { label: "failed", color: { light: "#c92a2a", dark: "#ff6b6b" }, striped: true },
  cancelled: { label: "cancelled", color: { light: "#686e75", dark: "#969ca3" }, striped: true },
  pruned: { label: "pruned", color: { light: "#8a6d1f", dark: "#c9a94d" }, striped: true },
  running: { label: "running", color: { light: "#0072b2", dark: "#4aa3e0" }, striped: false },
  queued: { label: "queued", color: { light: "#5b8fb5", dark: "#6f93b0" }, striped: false },
  pending: { label: "pending", color: { light: "#848b93", dark: "#7d848c" }, striped: false },
};

export const runStateOrder = Object.keys(runStateLooks) as readonly RunState[];
