"use client";
import { Chip } from "@mantine/core";
import css from "./curves.module.css";

export interface GroupByProps {
  parameters: readonly string[];
  chosen: readonly string[];
  titleOf: (name: string) => string;
  onChange: (names: string[]) => void;
}

/** Which parameters tell groups apart, or none; the others are averaged over, like the initializations. */
export function GroupBy({ parameters, chosen, titleOf, onChange }: GroupByProps) {
  return (
    <div className={css.groupBy} role="group" aria-label="Group by">
      <span>Group by</span>
      <Chip.Group multiple value={[...chosen]} onChange={(names) => onChange(parameters.filter((name) => names.includes(name)))}>
        {parameters.map((name) => (
          <Chip key={name} value={name} size="xs" radius="sm">
            {titleOf(name)}
          </Chip>
        ))}
      </Chip.Group>
      {chosen.length === 0 && <span className={css.soft}>nothing: all runs together</span>}
    </div>
  );
}
