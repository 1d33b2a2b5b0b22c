import type { ArtifactId, DatasetId, SweepId, TrainerId } from "@basin/contracts";
import type { Database } from "./connection";
import { nullable, runId, text, uuid } from "./sql-types";
import { statement } from "./statement";

/** Where a thing belongs. */
export interface Scope {
  project: string;
  owner: string;
  /** Of the trainers that its runs are for; of a dataset: any. */
  pool: string | null;
}

const scopeRow = { project: text, owner: text, pool: nullable(text) };

const sweepScope = statement({
  name: "sweep-scope",
  text: "SELECT project, owner, pool FROM sweep WHERE id = $1",
  parameters: [text],
  row: { ...scopeRow, pool: text },
});

const datasetScopes = statement({
  text: "SELECT project, owner, NULL::text AS pool FROM project_dataset WHERE dataset_id = $1",
  parameters: [text],
  row: scopeRow,
});

const artifactRun = statement({
  text: "SELECT run_id AS run FROM artifact WHERE id = $1",
  parameters: [uuid],
  row: { run: runId },
});

const workerToken = statement({
  name: "worker-token",
  text: "SELECT token_id AS token FROM trainer WHERE id = $1",
  parameters: [text],
  row: { token: nullable(uuid) },
});

const experimentProject = statement({
  text: "SELECT project, owner, NULL::text AS pool FROM external_experiment WHERE id = $1 ORDER BY version LIMIT 1",
  parameters: [text],
  row: scopeRow,
});

const bindWorker = statement({
  text: "UPDATE trainer SET token_id = $2 WHERE id = $1",
  parameters: [text, nullable(uuid)],
});

/** Where things belong, for who decides what somebody may see. Null: there is no such thing. */
export class ScopesRepository {
  constructor(private readonly database: Database) {}

  async sweep(id: SweepId): Promise<Scope | null> {
    const { rows } = await this.database.query(sweepScope(id));
    return rows[0] ?? null;
  }

  /** A dataset belongs to every project in which somebody uploaded it. */
  async dataset(id: DatasetId): Promise<Scope[]> {
    const { rows } = await this.database.query(datasetScopes(id));
    return rows;
  }

  async runOf(artifact: ArtifactId): Promise<string | null> {
    const { rows } = await this.database.query(artifactRun(artifact));
    return rows[0]?.run ?? null;
  }

  /** Of an experiment from outside: where its first version belongs. */
  async experiment(id: string): Promise<Scope | null> {
    const { rows } = await this.database.query(experimentProject(id));
    return rows[0] ?? null;
  }

  /** `token`: that it registered with; null: with none. */
  async worker(id: TrainerId): Promise<{ token: string | null } | null> {
    const { rows } = await this.database.query(workerToken(id));
    return rows[0] ?? null;
  }

  async bindWorker(id: TrainerId, token: string | null): Promise<void> {
    await this.database.query(bindWorker(id, token));
  }
}
