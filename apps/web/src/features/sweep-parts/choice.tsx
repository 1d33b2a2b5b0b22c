"use client";
import { NativeSelect } from "@mantine/core";

export interface ChoiceProps<V extends string> {
  label: string;
  options: readonly { value: V; label: string }[];
  value: V;
  onChange: (value: V) => void;
  disabled?: boolean;
}

/** A small select whose options are known: what comes back is one of them. */
export function Choice<V extends string>({ label, options, value, onChange, disabled = false }: ChoiceProps<V>) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      title={label}
      data={options.map(({ value: each, label: text }) => ({ value: each, label: text }))}
      value={value}
      disabled={disabled}
      onChange={(event) => {
        const found = options.find((option) => option.value === event.currentTarget.value);
        if (found) onChange(found.value);
      }}
    />
  );
}
