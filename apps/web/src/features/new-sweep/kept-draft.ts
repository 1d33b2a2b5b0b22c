import { SubmittedSpec } from "@basin/contracts";
import { browserPlace } from "../layout/browser-place";

/** Where a spec is kept for the next visit of the page. */
export const keptDraft = browserPlace("basin.new-sweep");

/** What was being written when the page was left; null when there is nothing, or nothing that can be read. */
export function readDraft(): SubmittedSpec | null {
  return SubmittedSpec.safeParse(keptDraft.read()).data ?? null;
}
