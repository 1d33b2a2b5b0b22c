import { loadedLater } from "../loaded-later";

const typeset = loadedLater(() => import("./typeset").then((module) => module.default));

/** A formula; until KaTeX is loaded, its plain text. */
export function Formula({ latex, text, display = false }: { latex: string; text: string; display?: boolean }) {
  return <typeset.Content given={{ latex, display }} waiting={<code>{text}</code>} />;
}
