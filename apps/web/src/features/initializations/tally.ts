import type { Configuration, EquationTerms, LabelTally, RunId } from "@basin/contracts";

/** One text of one group. */
export interface TallyRow {
  group: Configuration;
  /** The group's first row. */
  first: boolean;
  text: string;
  count: number;
  /** Runs of the group with a text. */
  of: number;
  met: number;
  examples: RunId[];
  /** Texts of the group that are not listed; only on its first row. */
  more: number;
}

export const tallyRows = ({ groups }: Pick<LabelTally, "groups">): TallyRow[] =>
  groups.flatMap(({ group, of, tally, more }) =>
    tally.map(({ text, count, met, examples }, i) => ({
      group,
      first: i === 0,
      text,
      count,
      of,
      met,
      examples,
      more: i === 0 ? more : 0,
    })),
  );

/** LaTeX by plain text, of the runs that were read. */
export const texOf = (terms: Pick<EquationTerms, "runs"> | undefined): Map<string, string> =>
  new Map((terms?.runs ?? []).map(({ text, latex }) => [text, latex]));
