/** What the curves' controls offer; every choice stands in the address. */
export const bands = [
  { value: "ci", label: "95 % confidence of the mean" },
  { value: "iqr", label: "Middle half (IQR)" },
  { value: "std", label: "± standard deviation" },
  { value: "range", label: "Lowest to highest" },
  { value: "none", label: "No band" },
] as const;

export const centres = [
  { value: "mean", label: "Mean" },
  { value: "median", label: "Median" },
] as const;

export const views = [
  { value: "groups", label: "By configuration" },
  { value: "runs", label: "Per run" },
] as const;

export const abscissae = [
  { value: "step", label: "By step" },
  { value: "time", label: "By training time" },
] as const;

export const smoothings = [
  { value: "0", label: "Not smoothed" },
  { value: "0.5", label: "EMA 0.5" },
  { value: "0.8", label: "EMA 0.8" },
  { value: "0.9", label: "EMA 0.9" },
  { value: "0.97", label: "EMA 0.97" },
  { value: "0.99", label: "EMA 0.99" },
] as const;

export const groupLimits = [
  { value: "50", label: "50 groups" },
  { value: "200", label: "200 groups" },
  { value: "1000", label: "1,000 groups" },
] as const;

/** The option that the address names, else the first. */
export function chosen<V extends string>(options: readonly { value: V }[], asked: string | null): V {
  const found = options.find(({ value }) => value === asked) ?? options[0];
  if (!found) throw new Error("a choice needs at least one option");
  return found.value;
}
