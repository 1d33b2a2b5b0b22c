import { buildName, stateWord, type Attempt } from "@basin/contracts";
import { formatDuration, RelativeTime } from "@basin/ui";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";

const seconds = (attempt: Attempt): number | null =>
  attempt.finishedAt === null ? null : (Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt)) / 1000;

function companyOf(packWidth: number): string {
  if (packWidth === 1) return "alone";
  return packWidth === 2 ? "1 other" : `${packWidth - 1} others`;
}

export interface AttemptsTableProps {
  attempts: readonly Attempt[];
  stepUnit: string;
  trainerName: (id: string | null) => string;
}

export function AttemptsTable({ attempts, stepUnit, trainerName }: AttemptsTableProps) {
  if (attempts.length === 0) return <p className={tables.empty}>No trainer has taken this run yet.</p>;
  return (
    <ScrollTable label="Attempts">
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">State</th>
          <th scope="col">Trainer</th>
          <th scope="col">Build</th>
          <th scope="col">Began</th>
          <th scope="col" className={tables.right}>
            Duration
          </th>
          <th scope="col" className={tables.right}>
            Trained with
          </th>
          <th scope="col">Continued from</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt) => (
          <tr key={attempt.number}>
            <td>{attempt.number}</td>
            <td>{stateWord(attempt.state)}</td>
            <td title={attempt.trainer}>{trainerName(attempt.trainer)}</td>
            <td>
              <code>{buildName(attempt.build)}</code>
            </td>
            <td>
              <RelativeTime time={attempt.startedAt} />
            </td>
            <td className={tables.right}>{formatDuration(seconds(attempt))}</td>
            <td className={tables.right}>{companyOf(attempt.packWidth)}</td>
            <td>{attempt.resumedFromStep === null ? "the start" : `${stepUnit} ${attempt.resumedFromStep}`}</td>
            <td className={tables.wrap}>{attempt.reason ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
