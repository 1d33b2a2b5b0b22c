import type { RunOutcome } from "@basin/contracts";
import { schemeCss, type SchemeColor } from "./palette";
import css from "./run-outcome.module.css";

export interface OutcomeLook {
  label: string;
  /** So that the outcome does not hang on colour alone. */
  mark: string;
  color: SchemeColor;
  /** What it says, in a sentence's words. */
  meaning: string;
}

/** Nothing else is green. */
export const outcomeLooks: Readonly<Record<Exclude<RunOutcome, "none">, OutcomeLook>> = {
  met: {
    label: "met",
    mark: "✓",
    color: { light: "#00785f", dark: "#1fa884" },
    meaning: "met the success criterion of its experiment",
  },
  missed: {
    label: "missed",
    mark: "✗",
    color: { light: "#a34a00", dark: "#e58a35" },
    meaning: "trained to its end and missed the success criterion of its experiment",
  },
};

/** Whether a run met its experiment's success criterion, as mark, word and colour; a dash where it neither met nor missed one. */
export function OutcomeLabel({ outcome }: { outcome: RunOutcome }) {
  if (outcome === "none") return "–";
  const { label, mark, color, meaning } = outcomeLooks[outcome];
  return (
    <span className={css.badge} style={{ color: schemeCss(color) }} title={meaning}>
      <span aria-hidden="true">{mark}</span> {label}
    </span>
  );
}
