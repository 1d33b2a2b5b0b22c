import type { RunState } from "@basin/contracts";
import { schemeCss } from "./palette";
import css from "./run-progress.module.css";
import { runStateLooks } from "./run-state";

/** A run's state as colour and word. */
export function RunStateLabel({ state }: { state: RunState }) {
  const look = runStateLooks[state];
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 6, whiteSpace: "nowrap" }}>
      <span
        className={`${css.dot ?? ""} ${look.striped ? (css.striped ?? "") : ""}`}
        style={{ backgroundColor: schemeCss(look.color) }}
      />
      {look.label}
    </span>
  );
}
