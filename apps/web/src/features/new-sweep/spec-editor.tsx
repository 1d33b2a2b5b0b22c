"use client";
import { useId, useRef } from "react";
import { Panel } from "../layout/panel";
import css from "./new-sweep.module.css";
import type { SpecText } from "./use-sweep-form";

/** The spec as text. What can be read changes the form at once; what cannot is said with its line. */
export function SpecEditor({ text: { text, format, issues, apart, edit } }: { text: SpecText }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const problems = useId();
  const lines = text.split("\n");
  const wrong = new Set(issues.map(({ line }) => line));
  const goTo = (line: number) => {
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <Panel
      title={format === "json" ? "As JSON" : "As YAML"}
      note="edit it, or paste a sweep over it; the command line takes the same"
    >
      <div className={css.editorFrame}>
        <div className={css.gutter} aria-hidden="true">
          {lines.map((_, i) => (
            <div key={i} data-wrong={wrong.has(i + 1) || undefined}>
              {i + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={area}
          className={css.area}
          aria-label={`Sweep as ${format === "json" ? "JSON" : "YAML"}`}
          aria-invalid={issues.length > 0}
          aria-describedby={problems}
          value={text}
          rows={Math.max(lines.length, 12)}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => {
            const next = event.currentTarget.value;
            edit(next, next.trimStart().startsWith("{") ? "json" : "yaml");
          }}
        />
      </div>
      <div id={problems} aria-live="polite">
        {issues.map(({ line, path, message, hint }, i) => (
          <p key={i} className={css.wrong}>
            <button type="button" className={css.lineLink} onClick={() => goTo(line)}>
              Line {line}
            </button>
            {path === "" ? "" : `${path}: `}
            {message}
            {hint === undefined ? "" : ` (${hint})`}
          </p>
        ))}
        {apart && <p className={css.help}>The form keeps what it says until the text can be read.</p>}
      </div>
    </Panel>
  );
}
