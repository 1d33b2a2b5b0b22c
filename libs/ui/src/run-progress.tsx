import type { RunCounts, RunState } from "@basin/contracts";
import { Fragment } from "react";
import { formatCount, formatPercent } from "./format";
import { schemeCss, type SchemeColor } from "./palette";
import { progressOf } from "./progress";
import css from "./run-progress.module.css";
import { outcomeLooks } from "./run-outcome";
import { runStateLooks } from "./run-state";

export interface RunProgressProps {
  counts: RunCounts;
  /** Names whose progress it is, for screen readers. */
  label: string;
  /** Runs that met their experiment's success criterion; null: there is none. */
  met?: number | null;
  /** 0 … 1 of all steps, those of runs in training included; null: not known. */
  trained?: number | null;
  /** States whose count is left out of the text although they are drawn; default none. */
  quiet?: readonly RunState[];
}

const part = (key: string, share: number, color: SchemeColor, striped: boolean) => (
  <div
    key={key}
    className={`${css.part ?? ""} ${striped ? (css.striped ?? "") : ""}`}
    style={{ width: `${share * 100}%`, backgroundColor: schemeCss(color) }}
  />
);

/** Runs by state as one bar and, below it, in words: failures never hide in a colour. */
export function RunProgress({ counts, label, met = null, trained = null, quiet = [] }: RunProgressProps) {
  const { parts, total, finished, whole } = progressOf(counts);
  const successes = Math.min(met ?? 0, counts.succeeded);
  const share = (runs: number): number => runs / whole;
  return (
    <div>
      <div
        className={css.bar}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={total ?? finished}
        aria-valuenow={finished}
        aria-valuetext={`${formatCount(finished)} of ${total === null ? "an open number of" : formatCount(total)} runs ended`}
      >
        {successes > 0 && part("met", share(successes), outcomeLooks.met.color, false)}
        {parts.map(({ state, count, share: whole }) =>
          part(
            state,
            state === "succeeded" ? share(count - successes) : whole,
            runStateLooks[state].color,
            runStateLooks[state].striped,
          ),
        )}
      </div>
      <ul className={css.counts}>
        {parts
          .filter(({ state, count }) => count > 0 && !quiet.includes(state))
          .map(({ state, count }) => (
            <Fragment key={state}>
              <li>
                <span
                  className={`${css.dot ?? ""} ${runStateLooks[state].striped ? (css.striped ?? "") : ""}`}
                  style={{ backgroundColor: schemeCss(runStateLooks[state].color) }}
                />
                {formatCount(count)} {runStateLooks[state].label}
              </li>
              {state === "succeeded" && met !== null && (
                <li title={`of the finished runs, those that ${outcomeLooks.met.meaning}`}>
                  <span className={css.dot} style={{ backgroundColor: schemeCss(outcomeLooks.met.color) }} />
                  {formatCount(successes)} met
                </li>
              )}
            </Fragment>
          ))}
        <li>of {total === null ? "?" : formatCount(total)}</li>
        {trained !== null && counts.running > 0 && <li>{formatPercent(trained)} of all steps</li>}
      </ul>
    </div>
  );
}
