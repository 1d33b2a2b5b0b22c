"use client";
import type { Race, Sweep } from "@basin/contracts";
import { formatCount, formatNumber } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { Answer } from "../sweep-parts/answer";
import { groupLabel } from "../sweep-parts/groups";
import css from "./race.module.css";
import { SeedsToDecide } from "./seeds-to-decide";

type Mean = Race["configurations"][number]["objective"];

const words: Record<Race["configurations"][number]["race"], string> = {
  racing: "races",
  stopped: "stopped",
  complete: "all seeds",
};

const meanText = ({ mean, low, high }: Mean): string =>
  mean === null
    ? "–"
    : `${formatNumber(mean)}${low === null || high === null ? "" : ` [${formatNumber(low)}, ${formatNumber(high)}]`}`;

/** Seeds that each configuration got, why it was stopped, and the winner over seeds that the search never saw. */
export function RacePanel({ sweep }: { sweep: Sweep }) {
  const query = useQuery(routeQuery("getRace", { params: { sweep: sweep.id }, query: { limit: 200 } }));
  const names = Object.entries(sweep.spec.space).flatMap(([name, { type }]) => (type === "fixed" ? [] : [name]));
  const most = sweep.spec.initializations?.max ?? 1;
  return (
    <Panel title="Race over seeds" note={`${sweep.spec.initializations?.race ?? ""}, ${sweep.racing ?? ""}`}>
      <Answer query={query} what="The race" height={260}>
        {(race) => (
          <>
            <p className={css.sentence}>{race.reading}</p>
            <dl className={css.pair}>
              {race.winner && (
                <>
                  <div>
                    <dt>Mean over the search&apos;s seeds</dt>
                    <dd>{meanText(race.winner.search)}</dd>
                  </div>
                  <div>
                    <dt>Mean over held-out seeds</dt>
                    <dd>{race.winner.test.of === 0 ? "not trained yet" : meanText(race.winner.test)}</dd>
                  </div>
                </>
              )}
              <div>
                <dt>Runs of the search</dt>
                <dd>
                  {formatCount(race.runs.search)} of {formatCount(race.runs.grid)}, in {formatCount(race.rounds)} rounds
                </dd>
              </div>
            </dl>
            <ScrollTable label="Configurations in the race" className={css.rows}>
              <thead>
                <tr>
                  <th scope="col" className={tables.right}>
                    Trial
                  </th>
                  <th scope="col">Configuration</th>
                  <th scope="col">Seeds</th>
                  <th scope="col" className={tables.right}>
                    Mean {race.metric} [95 %]
                  </th>
                  <th scope="col">State</th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {race.configurations.map(({ trial, parameters, seeds, objective, race: state, reason }) => (
                  <tr key={trial}>
                    <td className={tables.right}>{trial}</td>
                    <th scope="row">{groupLabel(parameters, names)}</th>
                    <td>
                      <span
                        className={`${css.bar} ${state === "stopped" ? css.stopped : ""}`}
                        style={{ width: `${Math.round((90 * seeds) / most)}px` }}
                        aria-hidden
                      />
                      {seeds}
                    </td>
                    <td className={tables.right}>{meanText(objective)}</td>
                    <td>{trial === race.winner?.trial ? (race.state === "decided" ? "winner" : "leads") : words[state]}</td>
                    <td className={tables.wrap}>{reason ?? ""}</td>
                  </tr>
                ))}
              </tbody>
            </ScrollTable>
            {race.total > race.configurations.length && (
              <p className={tables.empty}>
                {formatCount(race.configurations.length)} of {formatCount(race.total)} configurations are shown.
              </p>
            )}
            {race.configurations.length > 1 && (
              <SeedsToDecide sweep={sweep} trials={race.configurations.map(({ trial }) => trial)} />
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}
