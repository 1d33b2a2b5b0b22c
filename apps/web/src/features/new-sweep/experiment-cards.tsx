import { issueText } from "./issue-matching";
import css from "./new-sweep.module.css";
import type { SweepFormState } from "./use-sweep-form";
import { Panel } from "../layout/panel";
import { shortTitle, withinSentence } from "../sweep/metric-title";

/** One card per experiment; they behave as one group of radio buttons. */
export function ExperimentCards({ state }: { state: SweepFormState }) {
  const wrong = issueText(state.issues, "experiment");
  return (
    <Panel title="Experiment">
      <div className={css.cards} role="radiogroup" aria-label="Experiment">
        {state.catalog.experiments.map(({ id, title, summary, source, metrics, objective }) => (
          <label key={id} className={css.card}>
            <input
              type="radio"
              name="experiment"
              value={id}
              checked={id === state.form.experiment}
              onChange={() => state.chooseExperiment(id)}
            />
            <span className={css.cardTitle}>{title}</span>
            <span className={css.cardText}>{summary}</span>
            <span className={css.cardSource}>
              {objective.direction === "minimize" ? "Lowest" : "Highest"} {withinSentence(shortTitle(metrics, objective.metric))}{" "}
              wins · {source}
            </span>
          </label>
        ))}
      </div>
      {wrong !== undefined && <p className={css.wrong}>{wrong}</p>}
    </Panel>
  );
}
