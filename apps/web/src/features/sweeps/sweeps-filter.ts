import { type CallInput, ExperimentId, routes, SweepState } from "@basin/contracts";

type SweepsFilter = NonNullable<CallInput<"listSweeps">["query"]>;

const sorts = routes.listSweeps.query.shape.sort;
type Sort = NonNullable<SweepsFilter["sort"]>;

export const sortNames: Record<Sort, string> = {
  "-createdAt": "Newest first",
  createdAt: "Oldest first",
  name: "Name, A to Z",
  "-name": "Name, Z to A",
  "-success": "Success rate, highest first",
  success: "Success rate, lowest first",
  "-failed": "Failures, most first",
  failed: "Failures, fewest first",
  "-runs": "Runs, most first",
  runs: "Runs, fewest first",
  owner: "Owner, A to Z",
  "-owner": "Owner, Z to A",
};

/** What narrows or orders the list, by its name in the address. */
export const filterNames = ["search", "state", "experiment", "tag", "owner", "archived", "sort"] as const;
export type FilterName = (typeof filterNames)[number];

/** Reads the address; what is no filter there is left out. */
export function filterOf(query: Pick<URLSearchParams, "get">): SweepsFilter {
  const text = (name: FilterName) => query.get(name)?.trim() ?? "";
  const state = SweepState.safeParse(text("state"));
  const experiment = ExperimentId.safeParse(text("experiment"));
  const sort = sorts.safeParse(query.get("sort") ?? undefined);
  return {
    ...(text("search") === "" ? {} : { search: text("search").slice(0, 200) }),
    ...(state.success ? { state: [state.data] } : {}),
    ...(experiment.success ? { experiment: experiment.data } : {}),
    ...(text("tag") === "" ? {} : { tag: text("tag") }),
    ...(text("owner") === "" ? {} : { owner: text("owner").slice(0, 80) }),
    ...(text("archived") === "true" ? { archived: true } : {}),
    ...(sort.success && sort.data !== "-createdAt" ? { sort: sort.data } : {}),
  };
}

/** The address with one filter set, or (with "") without it. */
export function withFilter(search: string, name: FilterName, value: string): string {
  const next = new URLSearchParams(search);
  if (value === "" || (name === "sort" && value === "-createdAt")) next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  return text === "" ? "" : `?${text}`;
}

/** Whether anything is left out of the list. */
export const isNarrowed = ({ search, state, experiment, tag, owner, archived }: SweepsFilter): boolean =>
  [search, state, experiment, tag, owner, archived].some((each) => each !== undefined);
