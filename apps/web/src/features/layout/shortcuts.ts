import pages from "./pages.json";

interface Shortcut {
  keys: readonly string[];
  text: string;
  act: Exclude<ShortcutAct, "wait" | null>;
}

/** Keys that work on every page, single ones first; `g` is followed by a second key within a second. */
export const shortcuts: readonly Shortcut[] = [
  { keys: ["/"], text: "Search on this page", act: { do: "search" } },
  { keys: ["?"], text: "This list", act: { go: "/settings#keyboard" } },
  ...pages
    .filter(({ keys }) => keys.length > 0)
    .map(({ keys, title, path }): Shortcut => ({ keys, text: title, act: { go: path } }))
    .sort((a, b) => a.keys.length - b.keys.length),
];

export type ShortcutAct = { go: string } | { do: "search" } | "wait" | null;

/** What a key means after the one before it (null: none within a second). */
export function actOf(key: string, before: string | null): ShortcutAct {
  const keys = before === "g" ? ["g", key] : [key];
  const found = shortcuts.find((each) => each.keys.length === keys.length && each.keys.every((name, i) => name === keys[i]));
  if (found) return found.act;
  return key === "g" && before !== "g" ? "wait" : null;
}
