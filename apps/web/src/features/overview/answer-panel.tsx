"use client";
import type { ExperimentDescriptor, Sweep, SweepAnswer } from "@basin/contracts";
import { exactNumber, formatCount, formatNumber, formatPercent, LineSwatch } from "@basin/ui";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { routeQuery } from "@/api-client/route-query";
import { shortTitle, withinSentence } from "../catalog/metric-title";
import { schemaFields } from "../catalog/schema-fields";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { Answer } from "../sweep-parts/answer";
import { firstAnswer } from "../sweep-parts/first-questions";
import { type GroupLooks, valuesLabel } from "../sweep-parts/groups";
import css from "./answer.module.css";

// What stands above it is read first.
const OutcomeMatrix = dynamic(() => import("./outcome-matrix").then((module) => module.OutcomeMatrix), {
  ssr: false,
  loading: () => <Skeleton height={180} />,
});

export interface AnswerPanelProps {
  sweep: Sweep;
  experiment: ExperimentDescriptor;
  looks: GroupLooks;
}

/** What the sweep found: a sentence, its configurations with the best first, and what became of each run. */
export function AnswerPanel({ sweep, experiment, looks }: AnswerPanelProps) {
  const query = useQuery(routeQuery("getAnswer", firstAnswer(sweep.id)));
  return (
    <Panel title="Answer">
      <Answer query={query} what="The answer" height={320}>
        {(answer) => (
          <>
            <p className={css.sentence}>{answer.sentence}</p>
            {answer.criterion !== null && <p className={css.note}>Criterion: {answer.criterion}.</p>}
            {answer.rows.length > 0 && (
              <>
                <Configurations answer={answer} experiment={experiment} looks={looks} />
                <h3 className={css.heading}>Run by run</h3>
                <OutcomeMatrix answer={answer} />
              </>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Configurations({ answer, experiment, looks }: { answer: SweepAnswer } & Omit<AnswerPanelProps, "sweep">) {
  const { figure, rows, configurations, groupedBy } = answer;
  const title = withinSentence(shortTitle(experiment.metrics, figure.metric));
  const fields = new Map(schemaFields(experiment.parameters).map((field) => [field.name, field.title]));
  const unit = figure.unit === "" ? "" : ` (${figure.unit})`;
  const judged = answer.criterion !== null;
  return (
    <>
      <ScrollTable label="The best configurations">
        <thead>
          <tr>
            <th scope="col" className={css.names}>
              {groupedBy.length === 0 ? "Configuration" : groupedBy.map((name) => fields.get(name) ?? name).join(" · ")}
            </th>
            {judged && (
              <th scope="col" className={tables.right}>
                Success [95 % CI]
              </th>
            )}
            <th scope="col" className={tables.right} title="Of the runs that ended; those without a value count as the worst">
              Median {title}
              {unit}
            </th>
            <th scope="col" className={tables.right}>
              95 % interval
            </th>
            <th scope="col" className={tables.right}>
              Failures
            </th>
            <th scope="col" className={tables.right}>
              Best run
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { success, counts, median, low, high, best, group } = row;
            const lost = [
              ...(counts.failed > 0 ? [`${formatCount(counts.failed)} failed`] : []),
              ...(counts.diverged > 0 ? [`${formatCount(counts.diverged)} diverged`] : []),
              ...(counts.pruned > 0 ? [`${formatCount(counts.pruned)} pruned`] : []),
            ];
            return (
              <tr key={row.trial}>
                <th scope="row" className={css.names}>
                  <span className={css.name}>
                    <LineSwatch style={looks.lookOf(group)} />
                    {valuesLabel(group, groupedBy)}
                  </span>
                </th>
                {judged && (
                  <td className={tables.right}>
                    {success === null ? (
                      "–"
                    ) : (
                      <>
                        <strong>
                          {formatCount(success.met)} of {formatCount(success.of)}
                        </strong>{" "}
                        [{formatPercent(success.low)}, {formatPercent(success.high)}]
                      </>
                    )}
                  </td>
                )}
                <td className={tables.right} title={exactNumber(median)}>
                  {median === null && counts.total > counts.unfinished + counts.cancelled ? "no value" : formatNumber(median)}
                </td>
                <td className={tables.right}>
                  {low === null && high === null
                    ? "–"
                    : `${low === null ? "…" : formatNumber(low, 3)} to ${high === null ? "…" : formatNumber(high, 3)}`}
                </td>
                <td className={tables.right}>{lost.length === 0 ? "0" : <span className={css.lost}>{lost.join(", ")}</span>}</td>
                <td className={tables.right}>
                  {best === null ? (
                    "–"
                  ) : (
                    <PageLink href={`/runs/${best.run}`} title={`run ${best.run}`}>
                      {formatNumber(best.value)}
                    </PageLink>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
      {configurations > rows.length && (
        <p className={css.note}>
          The best {formatCount(rows.length)} of {formatCount(configurations)} configurations; all of them are on Initializations.
        </p>
      )}
    </>
  );
}
