import { SweepSpec } from "@basin/contracts";

const place = "basin.new-sweep";

/** What was being written when the page was left; null when there is nothing, or nothing that can be read. */
export function readDraft(storage: Pick<Storage, "getItem">): SweepSpec | null {
  try {
    const parsed = SweepSpec.safeParse(JSON.parse(storage.getItem(place) ?? "null"));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Keeps a spec for the next visit. A browser that keeps nothing is no reason to fail. */
export function keepDraft(storage: Pick<Storage, "setItem">, spec: SweepSpec): void {
  try {
    storage.setItem(place, JSON.stringify(spec));
  } catch {
    return;
  }
}

export function dropDraft(storage: Pick<Storage, "removeItem">): void {
  try {
    storage.removeItem(place);
  } catch {
    return;
  }
}
