import { lazy, Suspense } from "react";

const Typeset = lazy(() => import("./typeset"));

/** A formula; until KaTeX is loaded, and where it never is, its plain text. */
export function Formula({ latex, text, display = false }: { latex: string; text: string; display?: boolean }) {
  return (
    <Suspense fallback={<code>{text}</code>}>
      <Typeset latex={latex} display={display} />
    </Suspense>
  );
}
