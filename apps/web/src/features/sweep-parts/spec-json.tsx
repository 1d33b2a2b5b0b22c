"use client";
import type { SweepSpecInput } from "@basin/contracts";
import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import css from "./sweep-parts.module.css";

/** A spec as JSON, to read and to copy. */
export function SpecJson({ spec }: { spec: SweepSpecInput }) {
  const clipboard = useClipboard({ timeout: 2000 });
  const text = JSON.stringify(spec, null, 2);
  return (
    <div className={css.json}>
      <Button size="xs" variant="default" onClick={() => clipboard.copy(text)} aria-live="polite">
        {clipboard.copied ? "Copied" : "Copy"}
      </Button>
      <pre tabIndex={0} aria-label="Sweep as JSON">
        {text}
      </pre>
    </div>
  );
}
