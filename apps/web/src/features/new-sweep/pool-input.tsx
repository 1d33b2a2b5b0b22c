"use client";
import { formatCount } from "@basin/ui";
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { routeQuery } from "@/api-client/route-query";
import type { ChooserProps } from "./draft-form";

/** Chooses one of the pools that have trainers, or names another; says what is in it. */
export function PoolInput({ form: { draft, change }, path, field, common }: ChooserProps) {
  const { data } = useQuery(routeQuery("listTrainers", {}));
  const list = useId();
  const text = draft.text(path);
  const chosen = text.trim();
  const items = data?.items ?? [];
  const online = items.filter(({ pool, state }) => pool === chosen && state === "online");
  const slots = online.reduce((sum, trainer) => sum + trainer.slots, 0);
  const about =
    online.length === 0
      ? "No trainer of this pool is online; the sweep would wait"
      : `${formatCount(online.length)} ${online.length === 1 ? "trainer" : "trainers"} online, ${formatCount(slots)} ${slots === 1 ? "slot" : "slots"}`;
  return (
    <>
      <TextInput
        {...common}
        {...(data === undefined || chosen === "" ? {} : { description: about })}
        list={list}
        autoComplete="off"
        placeholder={field.absent}
        value={text}
        onChange={(event) => change(draft.withText(path, event.currentTarget.value))}
      />
      <datalist id={list}>
        {[...new Set(items.map(({ pool }) => pool))].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
