"use client";
import { SweepId, type Sweep, messageOf } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Autocomplete, Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { api } from "@/api-client/api";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import { type CompareItem, compareStateOf } from "./compare-url";
import css from "./compare.module.css";

/** Sweeps that are offered while somebody writes. */
const offered = 20;
/** Configurations of a sweep that are added at once, the best first. */
const mostConfigurations = 8;

const optionOf = ({ id, name }: Pick<Sweep, "id" | "name">): string => `${name} · ${id}`;

/** What a text names: the id at its end where a sweep was chosen by name, else ids apart by blanks or commas. */
function itemsOf(text: string): { items: CompareItem[]; unknown: string[] } {
  const chosen = SweepId.safeParse(text.split(" · ").at(-1)?.trim());
  if (chosen.success) return { items: [{ sweep: chosen.data, group: {} }], unknown: [] };
  const found = text
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map((part) => ({
      part,
      items: compareStateOf(new URLSearchParams([[/-/.test(part) ? "runs" : "groups", part]])).items,
    }));
  return {
    items: found.flatMap(({ items }) => items),
    unknown: found.filter(({ items }) => items.length === 0).map(({ part }) => part),
  };
}

const idOf = (item: CompareItem): string => ("run" in item ? item.run : item.sweep);

/** Adds sweeps by name, or runs and sweeps by id, whole or configuration by configuration; what does not exist is said and not added. */
export function AddItems({ onAdd }: { onAdd: (items: readonly CompareItem[]) => void }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [settled] = useDebouncedValue(text, 250);
  const search = settled.includes(" · ") ? "" : settled.trim();
  const sweeps = useQuery(routeQuery("listSweeps", { query: { limit: offered, ...(search === "" ? {} : { search }) } }));
  const add = useMutation({
    mutationFn: async (as: "whole" | "configurations") => {
      const { items, unknown } = itemsOf(text);
      if (items.length === 0 || unknown.length > 0)
        throw new Error(
          unknown.length > 0 ? `no run or sweep is called ${unknown.join(", ")}` : "choose a sweep, or write an id",
        );
      // Each on its own, so that one that does not exist takes no other with it.
      for (const item of items) {
        await client.query(routeQuery("compare", { body: { items: [item] } }));
      }
      if (as === "whole") return items;
      const groups = await Promise.all(
        items.map(async (item): Promise<CompareItem[]> => {
          if ("run" in item) return [item];
          const { groups } = await api("getResults", { params: { sweep: item.sweep }, query: { limit: mostConfigurations } });
          return groups.map(({ group }) => ({ sweep: item.sweep, group }));
        }),
      );
      return groups.flat();
    },
    onSuccess: (items) => {
      onAdd(items);
      setText("");
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add.mutate("whole");
  };
  return (
    <Panel title="Add">
      <form className={css.add} onSubmit={submit}>
        <Autocomplete
          className={css.grow ?? ""}
          aria-label="Sweeps by name, or run and sweep ids"
          placeholder="Name of a sweep, or ids, e.g. k3v9x2mq-0-1 k3v9x2mq"
          data={[...new Set(sweeps.data?.items.map(optionOf) ?? [])]}
          filter={({ options }) => options}
          value={text}
          error={add.error ? messageOf(add.error) : undefined}
          onChange={(value) => {
            setText(value);
            add.reset();
          }}
        />
        <Button type="submit" variant="default" loading={add.isPending}>
          Add
        </Button>
        <Button variant="default" disabled={add.isPending} onClick={() => add.mutate("configurations")}>
          Add its {formatCount(mostConfigurations)} best configurations
        </Button>
      </form>
    </Panel>
  );
}

/** What an address names, where it cannot be compared: each can be taken out. */
export function ItemList({ items, onRemove }: { items: readonly CompareItem[]; onRemove: (item: number) => void }) {
  return (
    <Panel title="In this comparison" note={formatCount(items.length)}>
      <ScrollTable label="In this comparison">
        <tbody>
          {items.map((item, i) => (
            <tr key={`${idOf(item)} ${i}`}>
              <td>
                <code>{idOf(item)}</code>
              </td>
              <td>
                <Button size="compact-xs" variant="default" aria-label={`Remove ${idOf(item)}`} onClick={() => onRemove(i)}>
                  Remove
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}
