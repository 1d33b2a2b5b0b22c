import { AppliedParameters, RunId, SweepId } from "@basin/contracts";

/** What is compared: a run, or the runs of a sweep whose configuration agrees with the group (`{}`: all of them). */
export type CompareItem = { run: RunId } | { sweep: SweepId; group: AppliedParameters };

export type Band = "ci" | "std" | "iqr" | "range";

/** Everything that the compare page shows is in its address. */
export interface CompareState {
  /** The first is the baseline. */
  items: readonly CompareItem[];
  metric?: string;
  band?: Band;
  /** Logarithmic axis; default: as the metric asks. */
  log?: boolean;
  /** Only parameters that differ; default true. */
  differences?: boolean;
}

const bands: readonly string[] = ["ci", "std", "iqr", "range"];

/** Groups are written as sweep~{"name":value}. */
const groupText = ({ sweep, group }: { sweep: SweepId; group: AppliedParameters }): string => `${sweep}~${JSON.stringify(group)}`;

function groupOf(text: string): CompareItem | null {
  const cut = text.indexOf("~");
  const sweep = SweepId.safeParse(cut < 0 ? text : text.slice(0, cut));
  if (!sweep.success) return null;
  if (cut < 0) return { sweep: sweep.data, group: {} };
  try {
    const group = AppliedParameters.safeParse(JSON.parse(text.slice(cut + 1)));
    return group.success ? { sweep: sweep.data, group: group.data } : null;
  } catch {
    return null;
  }
}

/** The address of a comparison. The order of the items is kept in `base`, the number of the baseline, where it is not a run. */
export function compareUrl(state: CompareState): string {
  const query = new URLSearchParams();
  const runs = state.items.flatMap((item) => ("run" in item ? [item.run] : []));
  if (runs.length > 0) query.set("runs", runs.join(","));
  for (const item of state.items) if (!("run" in item)) query.append("groups", groupText(item));
  const first = state.items[0];
  if (first && !("run" in first) && runs.length > 0) query.set("base", "group");
  if (state.metric !== undefined) query.set("metric", state.metric);
  if (state.band !== undefined && state.band !== "ci") query.set("band", state.band);
  if (state.log !== undefined) query.set("log", state.log ? "1" : "0");
  if (state.differences === false) query.set("all", "1");
  const text = query.toString();
  return text === "" ? "/compare" : `/compare?${text}`;
}

/** Reads an address; what is not a run, a sweep or a group in it is left out. */
export function compareStateOf(query: URLSearchParams): CompareState {
  const runs = (query.get("runs") ?? "").split(",").flatMap((text): CompareItem[] => {
    const run = RunId.safeParse(text);
    return run.success ? [{ run: run.data }] : [];
  });
  const groups = query.getAll("groups").flatMap((text) => groupOf(text) ?? []);
  const [metric, band, log] = [query.get("metric"), query.get("band"), query.get("log")];
  return {
    items: query.get("base") === "group" ? [...groups, ...runs] : [...runs, ...groups],
    ...(metric === null ? {} : { metric }),
    ...(band !== null && bands.includes(band) ? { band: band as Band } : {}),
    ...(log === null ? {} : { log: log === "1" }),
    differences: query.get("all") !== "1",
  };
}
