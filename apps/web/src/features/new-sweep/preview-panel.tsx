"use client";
import { ApiError, messageOf } from "@basin/contracts";
import { formatCount, formatParameter } from "@basin/ui";
import { Button } from "@mantine/core";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { EstimateNote } from "./estimate-note";
import css from "./new-sweep.module.css";
import { isSwept } from "./parameter-row";
import { modeOf } from "./sweep-draft";
import type { SweepFormState } from "./use-sweep-form";

export interface PreviewPanelProps {
  state: SweepFormState;
  /** Problems that belong to no field. */
  problems: readonly string[];
  failure: string | null;
  submitting: boolean;
}

const mostNamed = 6;

/** The fields that need a change, by their names; pressed, they are gone to. */
function WrongFields({ state }: { state: SweepFormState }) {
  const paths = [...state.issues.byField.keys()];
  return (
    <ul className={css.wrongFields}>
      {paths.slice(0, mostNamed).map((path) => {
        const [first = "", name = ""] = path.split(".");
        const title =
          first === "space"
            ? (state.parameters.find((field) => field.name === name)?.title ?? name)
            : (state.form.draft.field(path)?.title ?? path);
        return (
          <li key={path}>
            <button type="button" className={css.fold} onClick={() => goToField(path)}>
              {title}
            </button>
            : {state.form.wrong(path)}
          </li>
        );
      })}
      {paths.length > mostNamed && <li>and {formatCount(paths.length - mostNamed)} more</li>}
    </ul>
  );
}

/** Shows the field of a path, or the row that it stands in, and gives it the focus. */
function goToField(path: string): void {
  const fields = [...document.querySelectorAll<HTMLElement>("[data-field]")];
  const field = fields
    .filter(({ dataset }) => path === dataset["field"] || path.startsWith(`${dataset["field"] ?? ""}.`))
    .sort((a, b) => (b.dataset["field"]?.length ?? 0) - (a.dataset["field"]?.length ?? 0))[0];
  field?.scrollIntoView({ block: "center" });
  const input = field?.matches("input, select, textarea") ? field : field?.querySelector<HTMLElement>("input, select, textarea");
  input?.focus({ preventScroll: true });
}

/** How many runs the sweep makes, the first configurations, and the button that submits it. */
export function PreviewPanel({ state, problems, failure, submitting }: PreviewPanelProps) {
  const { data, error, busy } = state.preview;
  const wrong = state.issues.byField.size + problems.length + (state.text.apart ? state.text.issues.length : 0);
  const names = state.parameters.filter(({ name }) => isSwept(modeOf(state.form.draft, name)));
  return (
    <aside className={css.preview} aria-label="Preview">
      <Panel title="Preview" note={busy ? "checking …" : ""}>
        <div aria-live="polite" className={css.sum}>
          {data && wrong === 0 ? (
            data.race ? (
              <>
                {formatCount(data.trials ?? 0)} configurations race:{" "}
                <strong>
                  {formatCount(data.race.least)} to {formatCount(data.race.most)} runs
                </strong>
                , the held-out ones of the winner among them
                {data.runs !== null && data.runs < data.race.most && <>; the budget allows the first {formatCount(data.runs)}</>}
              </>
            ) : data.trials === null ? (
              <>The search decides on its way how many trials it makes, each with {formatCount(data.seeds)} seeds.</>
            ) : (
              <>
                {formatCount(data.trials)} {data.trials === 1 ? "trial" : "trials"} × {formatCount(data.seeds)}{" "}
                {data.seeds === 1 ? "seed" : "seeds"} = <strong>{formatCount(data.trials * data.seeds)} runs</strong>
                {data.runs !== null && data.runs < data.trials * data.seeds && (
                  <>, of which the budget allows the first {formatCount(data.runs)}</>
                )}
              </>
            )
          ) : wrong > 0 ? (
            <span className={css.wrong}>
              {state.text.apart
                ? "The text cannot be read yet."
                : `${wrong === 1 ? "One field needs" : `${wrong} fields need`} a change before this can be submitted.`}
              {!state.text.apart && <WrongFields state={state} />}
            </span>
          ) : error ? (
            <span className={css.wrong}>{messageOf(error)}</span>
          ) : (
            "Counting …"
          )}
        </div>
        {wrong === 0 && data?.explanation && <p className={css.caption}>{data.explanation}</p>}
        {problems.map((problem) => (
          <p key={problem} className={css.wrong} role="alert">
            {problem}
          </p>
        ))}
        {wrong === 0 &&
          data?.warnings.map(({ path, message, hint }) => (
            <p key={path} className={css.warning} role="status">
              {message}
              {hint !== undefined && `; ${hint}`}
            </p>
          ))}
        <EstimateNote spec={state.checked} />
        <Button type="submit" fullWidth disabled={!state.checked} loading={submitting}>
          {data && data.runs !== null && !data.race && wrong === 0 ? `Submit ${formatCount(data.runs)} runs` : "Submit"}
        </Button>
        <p className={css.caption}>Ctrl-Enter submits as well.</p>
        {failure !== null && !(error instanceof ApiError) && (
          <p className={css.wrong} role="alert">
            {failure}
          </p>
        )}
        {data && names.length > 0 && wrong === 0 && (
          <div className={css.sample} tabIndex={0} role="region" aria-label="First configurations">
            <table className={tables.table}>
              <caption className={css.caption}>
                {data.trials !== null && data.trials > data.sample.length
                  ? `The first ${data.sample.length} of ${formatCount(data.trials)} configurations`
                  : "Every configuration"}
              </caption>
              <thead>
                <tr>
                  {names.map(({ name, title }) => (
                    <th key={name} scope="col">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.sample.map((configuration, i) => (
                  <tr key={i}>
                    {names.map(({ name }) => (
                      <td key={name}>{formatParameter(configuration[name])}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </aside>
  );
}
