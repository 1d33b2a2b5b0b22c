import type { AppliedParameters, EquationTerms, LabelTally, RunId } from "@basin/contracts";

/** One text of one group. */
export interface TallyRow {
  group: AppliedParameters;
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

type Terms = Pick<EquationTerms, "runs" | "terms" | "equations">;

/** The equation of a run as LaTeX; undefined where the run was not read. */
export const equationTex = (terms: Terms | undefined, run: RunId | undefined): string | undefined =>
  terms?.runs.find((each) => each.run === run)?.latex;

/** The structure of a run's law as LaTeX: every left-hand side with its active terms. Undefined where the run was not read. */
export function structureTex(terms: Terms | undefined, run: RunId | undefined): string | undefined {
  const found = terms?.runs.find((each) => each.run === run);
  if (!terms || !found) return undefined;
  const rows = terms.equations.map((left, at) => {
    const active = terms.terms.flatMap(({ latex }, k) => (found.active[at]?.[k] ? [latex] : []));
    return `${left} ${terms.equations.length > 1 ? "&" : ""}\\colon\\; ${active.length === 0 ? "0" : active.join(",\\; ")}`;
  });
  return rows.length === 1 ? rows[0] : `\\begin{aligned} ${rows.join(" \\\\ ")} \\end{aligned}`;
}

/** What a label is called where its runs are counted; those without a name are not offered. */
export const labelTitles: Readonly<Record<string, string>> = {
  support: "By structure (active terms)",
  equation: "By equation",
};
