import type { Figure, SuccessRate, SweepState } from "@basin/contracts";
import { medianInterval, wilsonInterval } from "@basin/numerics";
import { medianWithFailures, worstValue } from "./evidence";
import { pairwiseTest } from "./pairwise";

/** A configuration and what its runs reached. */
export interface JudgedGroup {
  label: string;
  /** Finite values of the figure, ascending. */
  values: Float64Array;
  /** Runs that ended by themselves without one, and those that were given up. */
  diverged: number;
  failed: number;
  success: SuccessRate | null;
}

interface JudgedSweep {
  figure: Figure;
  /** The best first. */
  judged: readonly JudgedGroup[];
  hasCriterion: boolean;
  state: SweepState;
  /** Runs there will be; null: not known. */
  planned: number | null;
  runs: number;
  /** By themselves. */
  ended: number;
}

const plain = (value: number): string => String(Number(value.toPrecision(3)));
const share = (value: number): string => (value > 0 && value < 0.01 ? String(Number(value.toPrecision(2))) : value.toFixed(2));
const initializations = (count: number): string => `${count} ${count === 1 ? "initialization" : "initializations"}`;

/** What a sweep found, in one sentence of its figures; while it is unfinished, what is known so far, of how many runs. */
export function answerSentence(sweep: JudgedSweep): string {
  const { planned, runs, ended, state, judged, hasCriterion } = sweep;
  const whole = Math.max(planned ?? 0, runs);
  const of = `${ended} of ${planned === null && state === "running" ? `at least ${runs}` : whole} runs`;
  if (!judged.some((group) => endedOf(group) > 0)) {
    if (state === "cancelled") return "The sweep was cancelled before any run came to an end.";
    return whole === 0 ? "No run exists yet." : `None of ${whole} runs has come to an end yet.`;
  }
  const open = state === "running" || state === "paused";
  const before = open ? `So far, with ${of} ended: ` : state === "cancelled" && ended < whole ? `Cancelled after ${of}: ` : "";
  const text = hasCriterion ? successText(sweep) : figureText(sweep);
  return before === "" ? text.charAt(0).toUpperCase() + text.slice(1) : before + text;
}

const endedOf = ({ values, diverged, failed }: JudgedGroup): number => values.length + diverged + failed;

function successText(sweep: JudgedSweep): string {
  const { judged } = sweep;
  const judgedOnes = judged.flatMap(({ label, success }) => (success === null ? [] : [{ label, ...success }]));
  const [best, ...others] = judgedOnes;
  if (!best) return figureText(sweep);
  const interval = ({ low, high }: { low: number; high: number }): string => `95 % interval ${share(low)}–${share(high)}`;
  if (best.met === 0) {
    const of = judgedOnes.reduce((sum, one) => sum + one.of, 0);
    const rate = wilsonInterval(0, of) ?? { low: 0, high: 1 };
    const what = judged.length === 1 ? initializations(of) : `${of} runs in ${judgedOnes.length} configurations`;
    return `none of ${what} met the criterion, ${interval(rate)}; ${figureText(sweep)}`;
  }
  if (judged.length === 1) return `${best.met} of ${initializations(best.of)} met the criterion, ${interval(best)}.`;
  const met = `${best.label} met the criterion in ${best.met} of ${initializations(best.of)}, ${interval(best)}`;
  if (others.length === 0) return `${met}; no other configuration has runs that ended.`;
  const alike = others.filter((one) => one.met === best.met && one.of === best.of);
  const rest = others.filter((one) => !alike.includes(one));
  const most = rest.reduce((a, b) => (b.met / b.of > a.met / a.of ? b : a), rest[0] ?? best);
  const also = alike.length === 0 ? "" : `, and so did ${alike.length === 1 ? alike[0]?.label : `${alike.length} others`}`;
  if (rest.length === 0) return `${met}${also}.`;
  const what = alike.length === 0 ? "other" : "further";
  if (most.met === 0) return `${met}${also}; no ${what} configuration in any.`;
  return `${met}${also}; no ${what} configuration in more than ${most.met}${most.of === best.of ? "" : ` of ${most.of}`}.`;
}

/** The best configuration's median, and whether the next one's runs differ from its. */
function figureText({ figure, judged }: JudgedSweep): string {
  const [best, next] = judged;
  if (!best) return "No run exists yet.";
  const name = withinSentence(figure.title);
  const middle = (group: JudgedGroup): number =>
    medianWithFailures({ values: group.values, without: group.diverged + group.failed }, figure.better);
  const withUnit = (value: number): string => `${plain(value)}${figure.unit === "" ? "" : ` ${figure.unit}`}`;
  const median = middle(best);
  const ended = judged.reduce((sum, group) => sum + endedOf(group), 0);
  if (judged.every(({ values }) => values.length === 0)) return `none of ${initializations(ended)} has a value of ${name}.`;
  if (!Number.isFinite(median))
    return `${judged.length === 1 ? "at least half of the runs" : "in every configuration at least half of the runs"} ended without a value of ${name}.`;
  const of = `median ${name} ${withUnit(median)} over ${initializations(endedOf(best))}, ${intervalText(figure, best)}`;
  if (judged.length === 1) return `${of}.`;
  if (figure.better === null) return `${best.label}: ${of}; neither end of ${name} is the better one.`;
  const first = `${best.label} has the ${figure.better === "lower" ? "lowest" : "highest"} ${of}`;
  if (!next || endedOf(next) === 0) return `${first}; no other configuration has runs that ended.`;
  const nextMedian = middle(next);
  const second = `the next, ${next.label}, has ${Number.isFinite(nextMedian) ? withUnit(nextMedian) : "no value in at least half of its runs"}`;
  const sideOf = (group: JudgedGroup) => ({ ...group, values: [...group.values], repeats: 0, success: null });
  const testAgainst = (group: JudgedGroup) => pairwiseTest(figure, sideOf(best), sideOf(group)).mannWhitney;
  const test = testAgainst(next);
  if (!test) {
    const have = judged.filter((group) => endedOf(group) > 0);
    const alike = have.filter((group) => testAgainst(group) === null);
    const same = `the same ${name}, ${withUnit(median)}, in every run`;
    return alike.length === have.length
      ? `all ${have.length} configurations have ${same}.`
      : `${best.label} and ${alike.length === 2 ? next.label : `${alike.length - 1} others`} have ${same}; no other configuration has a better median.`;
  }
  const chance = test.p < 0.001 ? "p < 0.001" : `p = ${plain(test.p)}`;
  return test.p < 0.05
    ? `${first}; ${second}, and the two differ (Mann–Whitney, ${chance}).`
    : `${first}; ${second}, and these runs do not show that the two differ (Mann–Whitney, ${chance}).`;
}

function intervalText({ better, unit }: Figure, { values, diverged, failed }: JudgedGroup): string {
  const worst = worstValue(better);
  const ordered = Float64Array.from([
    ...values,
    ...(worst === null ? [] : new Array<number>(diverged + failed).fill(worst)),
  ]).sort();
  const interval = medianInterval(ordered);
  if (!interval) return "too few for a 95 % interval";
  const { low, high } = interval;
  const end = (value: number): string => `${plain(value)}${unit === "" ? "" : ` ${unit}`}`;
  if (!Number.isFinite(low) && !Number.isFinite(high)) return "with too few values for a 95 % interval";
  if (!Number.isFinite(high)) return `95 % interval from ${end(low)} on, without an upper end as too many runs have no value`;
  if (!Number.isFinite(low)) return `95 % interval up to ${end(high)}, without a lower end as too many runs have no value`;
  return `95 % interval ${plain(low)}–${end(high)}`;
}

/** "Mean error" → "mean error", but "R² on the grid" and "MAE" stay; what brackets explain is left out. */
function withinSentence(title: string): string {
  const short = title.replace(/\s*\([^()]*\)$/, "");
  return /^\p{Lu}\p{Ll}/u.test(short) ? short.charAt(0).toLowerCase() + short.slice(1) : short;
}
