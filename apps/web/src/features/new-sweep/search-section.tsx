"use client";
import { NativeSelect, Radio, SegmentedControl, TextInput } from "@mantine/core";
import { Panel } from "../layout/panel";
import { issueText } from "./issue-matching";
import css from "./new-sweep.module.css";
import { unitText } from "./schema-fields";
import type { SweepFormState } from "./use-sweep-form";

/** Which configurations are tried, and from how many initializations each. */
export function SearchSection({ state }: { state: SweepFormState }) {
  const { form, issues, change } = state;
  const wrong = (path: string) => issueText(issues, path);
  const { seeds, search } = form;
  return (
    <Panel title="Search and initializations">
      <Radio.Group
        label="Search algorithm"
        value={search.algorithm}
        onChange={state.chooseAlgorithm}
        error={wrong("search.algorithm")}
      >
        <div className={css.radios}>
          {state.catalog.searchAlgorithms.map(({ id, title, summary }) => (
            <Radio key={id} value={id} label={title} description={summary} />
          ))}
        </div>
      </Radio.Group>
      <div className={css.fields}>
        {state.configFields.map((field) => {
          const path = `search.config.${field.name}`;
          const set = (text: string) => change({ search: { ...search, config: { ...search.config, [field.name]: text } } });
          const options = field.kind === "boolean" ? ["false", "true"] : field.options;
          const common = {
            label: field.unit === "" ? field.title : `${field.title} (${unitText(field.unit)})`,
            description: [field.description, field.range === "" ? "" : `Takes ${field.range}.`]
              .filter((each) => each !== "")
              .join(" "),
            value: search.config[field.name] ?? "",
            error: wrong(path),
          };
          return options.length > 0 ? (
            <NativeSelect
              key={field.name}
              {...common}
              data={["", ...options]}
              onChange={(event) => set(event.currentTarget.value)}
            />
          ) : (
            <TextInput
              key={field.name}
              {...common}
              inputMode="decimal"
              autoComplete="off"
              onChange={(event) => set(event.currentTarget.value)}
            />
          );
        })}
        <TextInput
          label="Seed of the search"
          description="Never touches the training"
          inputMode="numeric"
          autoComplete="off"
          value={search.seed}
          error={wrong("search.seed")}
          onChange={(event) => change({ search: { ...search, seed: event.currentTarget.value } })}
        />
      </div>
      <div className={css.fields}>
        <div>
          <div className={css.label} id="seeds-mode">
            Initializations of each trial
          </div>
          <SegmentedControl
            fullWidth
            aria-labelledby="seeds-mode"
            data={[
              { value: "count", label: "Consecutive" },
              { value: "list", label: "List" },
            ]}
            value={seeds.mode}
            onChange={(mode) => change({ seeds: { ...seeds, mode: mode === "list" ? "list" : "count" } })}
          />
          {wrong("seeds") !== undefined && <p className={css.wrong}>{wrong("seeds")}</p>}
        </div>
        {seeds.mode === "count" ? (
          <>
            <TextInput
              label="How many"
              description="Seeds per trial"
              inputMode="numeric"
              autoComplete="off"
              value={seeds.count}
              error={wrong("seeds.count")}
              onChange={(event) => change({ seeds: { ...seeds, count: event.currentTarget.value } })}
            />
            <TextInput
              label="First seed"
              description="The others follow it"
              inputMode="numeric"
              autoComplete="off"
              value={seeds.first}
              error={wrong("seeds.first")}
              onChange={(event) => change({ seeds: { ...seeds, first: event.currentTarget.value } })}
            />
          </>
        ) : (
          <TextInput
            label="Seeds"
            description="Separated by commas"
            autoComplete="off"
            value={seeds.list}
            error={wrong("seeds.list")}
            onChange={(event) => change({ seeds: { ...seeds, list: event.currentTarget.value } })}
          />
        )}
      </div>
    </Panel>
  );
}
