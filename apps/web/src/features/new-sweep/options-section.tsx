"use client";
import { NativeSelect, TagsInput, Textarea, TextInput } from "@mantine/core";
import { formatCount } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { trainersQuery } from "@/api-client/queries";
import { Panel } from "../layout/panel";
import { issueText } from "./issue-matching";
import css from "./new-sweep.module.css";
import type { SweepFormState } from "./use-sweep-form";

const numeric = [
  { name: "priority", label: "Priority", description: "−100 to 100, higher first" },
  { name: "retryLimit", label: "Retries", description: "of a run after a failure" },
  { name: "maxPackWidth", label: "Widest pack", description: "runs trained together; empty: automatic" },
] as const;

/** The pools there are, and what is in the chosen one. */
function usePools(chosen: string): { names: string[]; about: string } {
  const { data } = useQuery(trainersQuery);
  const items = data?.items ?? [];
  const online = items.filter(({ pool, state }) => pool === chosen && state === "online");
  const slots = online.reduce((sum, trainer) => sum + trainer.slots, 0);
  return {
    names: [...new Set(["default", ...items.map(({ pool }) => pool)])],
    about:
      data === undefined
        ? "The trainers that may run it"
        : online.length === 0
          ? "No trainer of this pool is online; the sweep would wait"
          : `${formatCount(online.length)} ${online.length === 1 ? "trainer" : "trainers"} online, ${formatCount(slots)} ${slots === 1 ? "slot" : "slots"}`,
  };
}

/** Name, notes and how the sweep is run. */
export function OptionsSection({ state }: { state: SweepFormState }) {
  const { form, experiment, change, issues } = state;
  const [open, setOpen] = useState(false);
  const pools = usePools(form.pool.trim());
  const poolList = useId();
  const wrong = (path: string) => issueText(issues, path);
  const names = ["objective", "pool", "priority", "retryLimit", "maxPackWidth"];
  const shown = open || names.some((name) => wrong(name) !== undefined);
  const finals = experiment.metrics.filter((metric) => metric.final);
  const objective = form.objective ? `${form.objective.direction} ${form.objective.metric}` : "";
  const measured = finals.find(({ name }) => name === (form.objective ?? experiment.objective).metric);
  return (
    <Panel title="Name and notes">
      <div className={css.fields}>
        <TextInput
          label="Name"
          description="Empty: named after the experiment"
          maxLength={120}
          value={form.name}
          error={wrong("name")}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TagsInput
          label="Tags"
          description="Enter adds one"
          value={form.tags}
          error={wrong("tags")}
          acceptValueOnBlur
          onChange={(tags) => change({ tags })}
        />
      </div>
      <Textarea
        label="Notes"
        autosize
        minRows={2}
        mt="xs"
        value={form.notes}
        error={wrong("notes")}
        onChange={(event) => change({ notes: event.currentTarget.value })}
      />
      {shown && (
        <div className={css.fields}>
          <NativeSelect
            label="Objective"
            description={["What counts as best.", measured?.description].filter(Boolean).join(" ")}
            data={[
              { value: "", label: `${experiment.objective.direction} ${experiment.objective.metric} (the experiment's)` },
              ...finals.flatMap(({ name, title }) =>
                (["minimize", "maximize"] as const).map((direction) => ({
                  value: `${direction} ${name}`,
                  label: `${direction} ${title}`,
                })),
              ),
            ]}
            value={objective}
            error={wrong("objective")}
            onChange={(event) => {
              const [direction, metric] = event.currentTarget.value.split(" ");
              change({
                objective:
                  metric === undefined ? null : { metric, direction: direction === "maximize" ? "maximize" : "minimize" },
              });
            }}
          />
          <TextInput
            label="Pool"
            description={pools.about}
            list={poolList}
            autoComplete="off"
            value={form.pool}
            error={wrong("pool")}
            onChange={(event) => change({ pool: event.currentTarget.value })}
          />
          <datalist id={poolList}>
            {pools.names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          {numeric.map(({ name, label, description }) => (
            <TextInput
              key={name}
              label={label}
              description={description}
              inputMode="numeric"
              autoComplete="off"
              value={form[name]}
              error={wrong(name)}
              onChange={(event) => change({ [name]: event.currentTarget.value })}
            />
          ))}
        </div>
      )}
      <button type="button" className={css.fold} aria-expanded={shown} onClick={() => setOpen(!open)}>
        {shown ? "Hide" : "Show"} objective, pool, priority and retries
      </button>
    </Panel>
  );
}
