"use client";
import { ActionIcon, Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { IconPin, IconPinFilled } from "@tabler/icons-react";
import { useState } from "react";
import type { RunColumn } from "./run-columns";
import css from "./runs-table.module.css";

export interface ColumnChooserProps {
  columns: readonly RunColumn[];
  shown: readonly string[];
  pinned: readonly string[];
  onShown: (ids: string[]) => void;
  onPinned: (ids: string[]) => void;
}

/** Which columns the table shows, and which stay in view while it is moved sideways. */
export function ColumnChooser({ columns, shown, pinned, onShown, onPinned }: ColumnChooserProps) {
  const [search, setSearch] = useState("");
  const found = columns.filter(({ title }) => title.toLowerCase().includes(search.trim().toLowerCase()));
  const withOrWithout = (ids: readonly string[], id: string): string[] =>
    ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
  return (
    <Popover position="bottom-end" trapFocus returnFocus width={320} shadow="md">
      <Popover.Target>
        <Button size="xs" variant="default">
          Columns ({shown.length} of {columns.length})
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          size="xs"
          aria-label="Find a column"
          placeholder="Find a column"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <ul className={css.columns} aria-label="Columns">
          {found.map(({ id, title }) => (
            <li key={id}>
              <Checkbox size="xs" label={title} checked={shown.includes(id)} onChange={() => onShown(withOrWithout(shown, id))} />
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={`${pinned.includes(id) ? "Unpin" : "Pin"} ${title}`}
                aria-pressed={pinned.includes(id)}
                onClick={() => onPinned(withOrWithout(pinned, id))}
              >
                {pinned.includes(id) ? <IconPinFilled size={14} aria-hidden /> : <IconPin size={14} aria-hidden />}
              </ActionIcon>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
