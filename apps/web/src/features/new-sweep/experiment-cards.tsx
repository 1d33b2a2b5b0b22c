"use client";
import { ExperimentPicture, formatCount } from "@basin/ui";
import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { shortTitle, withinSentence } from "../catalog/metric-title";
import { experimentGroups, isMatch } from "./experiment-groups";
import css from "./new-sweep.module.css";
import type { SweepFormState } from "./use-sweep-form";

/** One card per experiment, by family; they behave as one group of radio buttons. */
export function ExperimentCards({ state }: { state: SweepFormState }) {
  const [search, setSearch] = useState("");
  const { experiments } = state.catalog;
  const groups = experimentGroups(experiments, search, state.experiment.id);
  const shown = groups.reduce((sum, group) => sum + group.experiments.length, 0);
  const matching = shown - (isMatch(state.experiment, search) ? 0 : 1);
  const chosen = useRef<HTMLLabelElement>(null);
  useEffect(() => {
    const [card, list] = [chosen.current, chosen.current?.closest<HTMLElement>("[role=radiogroup]")];
    if (card && list) list.scrollTop += card.getBoundingClientRect().top - list.getBoundingClientRect().top - 40;
    // Once: whoever chooses a card sees it.
  }, []);
  const wrong = state.form.wrong("experiment");
  return (
    <Panel
      title="Experiment"
      actions={
        <TextInput
          type="search"
          size="xs"
          aria-label="Search experiments"
          placeholder="Search experiments"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
          }}
        />
      }
    >
      <div role="radiogroup" aria-label="Experiment" className={css.groups}>
        {groups.map((group) => (
          <div
            key={group.title}
            role="group"
            aria-label={group.title}
            // Small families share a row.
            style={{ flexGrow: group.experiments.length, flexBasis: `min(100%, ${group.experiments.length * 250}px)` }}
          >
            <h3 className={css.groupTitle}>{group.title}</h3>
            <div className={css.cards}>
              {group.experiments.map((experiment) => (
                <label key={experiment.id} className={css.card} ref={experiment.id === state.experiment.id ? chosen : undefined}>
                  <input
                    type="radio"
                    name="experiment"
                    value={experiment.id}
                    aria-label={experiment.title}
                    aria-describedby={`summary-${experiment.id}`}
                    checked={experiment.id === state.experiment.id}
                    onChange={() => state.chooseExperiment(experiment.id)}
                  />
                  <span className={css.picture}>
                    <ExperimentPicture experiment={experiment} />
                  </span>
                  <span className={css.cardBody}>
                    <span className={css.cardTitle}>{experiment.title}</span>
                    <span className={css.cardText} id={`summary-${experiment.id}`}>
                      {experiment.summary}
                    </span>
                    {experiment.id === state.experiment.id && (
                      <span className={css.cardSource}>
                        {experiment.objective.direction === "minimize" ? "Lowest" : "Highest"}{" "}
                        {withinSentence(shortTitle(experiment.metrics, experiment.objective.metric))} wins · {experiment.source}
                      </span>
                    )}
                  </span>
                </label>
              ))}
            </div>
          </div>
        ))}
      </div>
      <p className={css.help}>
        <PageLink href={`/experiments/${state.experiment.id}`}>
          What “{state.experiment.title}” is, with its formulas and what success means
        </PageLink>
      </p>
      {search.trim() !== "" && (
        <p className={css.help} role="status">
          {matching === 0
            ? `No experiment matches “${search.trim()}”; the chosen one stays.`
            : `${matching === 1 ? "One experiment matches" : `${formatCount(matching)} experiments match`}; the chosen one stays.`}
        </p>
      )}
      {wrong !== undefined && <p className={css.wrong}>{wrong}</p>}
    </Panel>
  );
}
