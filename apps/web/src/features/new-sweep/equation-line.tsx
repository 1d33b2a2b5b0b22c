"use client";
import type { TextFault } from "@basin/equations";
import { Formula } from "@basin/ui";
import { ActionIcon, Textarea } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useId } from "react";
import css from "./equation-section.module.css";

interface EquationLineProps {
  label: string;
  text: string;
  /** Null while it cannot be read. */
  latex: string | null;
  fault: TextFault | null;
  onChange: (text: string) => void;
  onRemove: () => void;
}

/** One typed line: its text, and below it the formula, or the fault with what is wrong marked in the text. */
export function EquationLine({ label, text, latex, fault, onChange, onRemove }: EquationLineProps) {
  const id = useId();
  return (
    <div className={css.line}>
      <div className={css.entry}>
        <Textarea
          aria-label={label}
          aria-describedby={fault ? id : undefined}
          classNames={{ input: css.text ?? "" }}
          autosize
          minRows={1}
          maxLength={200}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={text}
          error={fault !== null}
          onChange={(event) => onChange(event.currentTarget.value.replaceAll("\n", " "))}
        />
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${label}`} onClick={onRemove}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      {fault ? (
        <div id={id} className={css.fault}>
          <code>
            {text.slice(0, fault.at)}
            <mark>{text.slice(fault.at, fault.at + fault.length) || "\u00a0"}</mark>
            {text.slice(fault.at + fault.length)}
          </code>
          <p className={css.wrong}>
            Character {fault.at + 1}: {fault.message}
            {fault.hint === undefined ? "" : ` (${fault.hint})`}
          </p>
        </div>
      ) : (
        latex !== null && (
          <div className={css.formula} data-testid="typeset">
            <Formula latex={latex} text={text} />
          </div>
        )
      )}
    </div>
  );
}
