"use client";
import { DatasetId } from "@basin/contracts";
import { Chip, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import type { ChooserProps } from "./draft-form";
import css from "./new-sweep.module.css";

/** More columns than this are typed, not pressed. */
const mostChips = 60;

/** Chooses columns (or arrays) of the dataset that the form names: chips where several may be, else a list. */
export function ColumnChooser({ form: { draft, change }, path, field, common }: ChooserProps) {
  const dataset = DatasetId.safeParse(draft.value("space.dataset.value"));
  const { data } = useQuery(routeQuery("getDataset", dataset.success ? { params: { dataset: dataset.data } } : null));
  const columns = data?.columns ?? [];
  const names = [...columns, ...(data?.arrays ?? [])].map(({ name }) => name);
  const label = common["aria-label"] ?? common.label ?? field.title;
  const value = draft.value(path);
  if (names.length === 0 || names.length > mostChips)
    return (
      <TextInput
        {...common}
        placeholder={dataset.success ? "names, separated by commas" : "choose a dataset first"}
        value={draft.text(path)}
        onChange={(event) => change(draft.withText(path, event.currentTarget.value))}
      />
    );
  if (field.kind === "text")
    return (
      <NativeSelect
        {...common}
        data={[
          { value: "", label: field.given ? "Choose …" : "none" },
          ...names.map((name) => ({ value: name, label: name })),
          ...(typeof value === "string" && value !== "" && !names.includes(value) ? [{ value, label: value }] : []),
        ]}
        value={typeof value === "string" ? value : ""}
        onChange={(event) => change(draft.with(path, event.currentTarget.value))}
      />
    );
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const shown = [...names, ...chosen.filter((name) => !names.includes(name))];
  const kindOf = (name: string) => columns.find((column) => column.name === name)?.type;
  return (
    <div role="group" aria-label={label}>
      <Chip.Group
        multiple
        value={chosen}
        onChange={(next) =>
          change(
            draft.with(
              path,
              shown.filter((name) => next.includes(name)),
            ),
          )
        }
      >
        <div className={css.chips}>
          {shown.map((name) => (
            <Chip key={name} value={name} size="xs" radius="sm" title={kindOf(name)} disabled={kindOf(name) === "text"}>
              {name}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      {chosen.length === 0 && !field.given && <span className={css.help}>all that are of use</span>}
      {common.error !== undefined && <p className={css.wrong}>{common.error}</p>}
    </div>
  );
}
