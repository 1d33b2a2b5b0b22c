/** Keys that work on every page; `g` is followed by a second key within a second. */
export const shortcuts = [
  { keys: ["/"], text: "Search on this page" },
  { keys: ["?"], text: "This list" },
  { keys: ["n"], text: "New sweep", href: "/sweeps/new" },
  { keys: ["g", "s"], text: "Sweeps", href: "/" },
  { keys: ["g", "c"], text: "Compare", href: "/compare" },
  { keys: ["g", "d"], text: "Datasets", href: "/datasets" },
  { keys: ["g", "t"], text: "Trainers", href: "/trainers" },
  { keys: ["g", ","], text: "Settings", href: "/settings" },
] as const satisfies readonly { keys: readonly string[]; text: string; href?: string }[];

/** Keys within forms and dialogs, which always work. */
export const fixedShortcuts = [
  { keys: ["Ctrl", "Enter"], text: "Submit the sweep that is being written" },
  { keys: ["Esc"], text: "Close a dialog, leave an edit" },
  { keys: ["Tab"], text: "Next control; the first leads past the navigation" },
] as const;

export type ShortcutAct = { go: string } | { do: "search" } | "wait" | null;

/** What a key means after the one before it (null: none within a second). */
export function actOf(key: string, before: string | null): ShortcutAct {
  const keys = before === "g" ? ["g", key] : [key];
  const found = shortcuts.find((each) => each.keys.length === keys.length && each.keys.every((name, i) => name === keys[i]));
  if (found)
    return "href" in found ? { go: found.href } : found.keys[0] === "/" ? { do: "search" } : { go: "/settings#keyboard" };
  return key === "g" && before !== "g" ? "wait" : null;
}
