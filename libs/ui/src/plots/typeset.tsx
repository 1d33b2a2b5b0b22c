import katex from "katex";
import "katex/dist/katex.min.css";

/** LaTeX as KaTeX sets it, with MathML for screen readers; what it cannot set is shown as written. */
export default function Typeset({ latex, display }: { latex: string; display: boolean }) {
  const html = katex.renderToString(latex, {
    displayMode: display,
    throwOnError: false,
    strict: false,
    trust: false,
    output: "htmlAndMathml",
  });
  return <span dangerouslySetInnerHTML={{ __html: html }} />;
}
