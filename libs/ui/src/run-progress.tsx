import type { RunCounts, RunState } from "@basin/contracts";
import { formatCount } from "./format";
import { schemeCss } from "./palette";
import { progressOf } from "./progress";
import css from "./run-progress.module.css";
import { runStateLooks } from "./run-state";

export interface RunProgressProps {
  counts: RunCounts;
  /** Names whose progress it is, for screen readers. */
  label: string;
  /** States whose count is left out of the text although they are drawn; default none. */
  quiet?: readonly RunState[];
}

/** Runs by state as one bar and, below it, in words: failures never hide in a colour. */
export function RunProgress({ counts, label, quiet = [] }: RunProgressProps) {
  const { parts, total, finished } = progressOf(counts);
  return (
    <div>
      <div
        className={css.bar}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={total ?? finished}
        aria-valuenow={finished}
        aria-valuetext={`${formatCount(finished)} of ${total === null ? "an open number of" : formatCount(total)} runs finished`}
      >
        {parts.map(({ state, share }) => (
          <div
            key={state}
            className={`${css.part ?? ""} ${runStateLooks[state].striped ? (css.striped ?? "") : ""}`}
            style={{ width: `${share * 100}%`, backgroundColor: schemeCss(runStateLooks[state].color) }}
          />
        ))}
      </div>
      <ul className={css.counts}>
        {parts
          .filter(({ state, count }) => count > 0 && !quiet.includes(state))
          .map(({ state, count }) => (
            <li key={state}>
              <span
                className={`${css.dot ?? ""} ${runStateLooks[state].striped ? (css.striped ?? "") : ""}`}
                style={{ backgroundColor: schemeCss(runStateLooks[state].color) }}
              />
              {formatCount(count)} {runStateLooks[state].label}
            </li>
          ))}
        <li>of {total === null ? "?" : formatCount(total)}</li>
      </ul>
    </div>
  );
}
