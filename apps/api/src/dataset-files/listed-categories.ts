import type { ColumnSummary } from "@basin/contracts";

/** Of a column. */
const mostListed = 50;
/** Of all columns of a table together, but for one of each. */
const mostListedOfTable = 2000;
const longestText = 100;

/** A text of a cell as it is told in facts and previews, which every reader of a dataset gets whole. */
export function shortened(text: string): string {
  if (text.length <= longestText) return text;
  // An emoji is two units of which neither stands alone.
  return `${text.slice(0, longestText - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * The same columns with the most frequent of their categories, the first to appear among equals, and how many are left out: a table may have
 * 1,000 in each of 4,096 columns, each as long as a line. Trainers get all of them with the file's content.
 */
export function listedCategories(columns: readonly ColumnSummary[]): ColumnSummary[] {
  const sharing = columns.filter(({ categories }) => categories.length > 0).length;
  const most = Math.max(1, Math.min(mostListed, Math.floor(mostListedOfTable / Math.max(1, sharing))));
  return columns.map(({ categories, ...column }) => ({
    ...column,
    categories: categories
      .toSorted((a, b) => b.count - a.count)
      .slice(0, most)
      .map(({ name, count }) => ({ name: shortened(name), count })),
    ...(categories.length > most ? { categoriesLeftOut: categories.length - most } : {}),
  }));
}
