"use client";
import { Radio, SegmentedControl } from "@mantine/core";
import { Panel } from "../layout/panel";
import css from "./new-sweep.module.css";
import { SpecField } from "./spec-field";
import { withAlgorithm, withSeeds } from "./sweep-draft";
import type { SweepFormState } from "./use-sweep-form";

/** Which configurations are tried, and from how many initializations each. */
export function SearchSection({ state }: { state: SweepFormState }) {
  const { form, catalog, options } = state;
  const { draft, change, wrong } = form;
  const listed = draft.value("seeds.list") !== undefined;
  const seedsWrong = wrong("seeds");
  return (
    <Panel title="Search and initializations">
      <Radio.Group
        label="Search algorithm"
        value={draft.text("search.algorithm")}
        onChange={(id) => change(withAlgorithm(draft, catalog, id))}
        error={wrong("search.algorithm")}
      >
        <div className={css.radios}>
          {catalog.searchAlgorithms.map(({ id, title, summary }) => (
            <Radio key={id} value={id} label={title} description={summary} />
          ))}
        </div>
      </Radio.Group>
      <div className={css.fields}>
        {options.map(({ name }) => (
          <SpecField key={name} form={form} path={`search.config.${name}`} />
        ))}
        <SpecField form={form} path="search.seed" />
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
            value={listed ? "list" : "count"}
            onChange={(as) => change(withSeeds(draft, as === "list" ? "list" : "count"))}
          />
          {seedsWrong !== undefined && <p className={css.wrong}>{seedsWrong}</p>}
        </div>
        {(listed ? ["list"] : ["count", "first"]).map((part) => (
          <SpecField key={part} form={form} path={`seeds.${part}`} />
        ))}
      </div>
    </Panel>
  );
}
