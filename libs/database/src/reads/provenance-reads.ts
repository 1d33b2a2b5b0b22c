import type { Provenance } from "@basin/contracts";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { int4, jsonb, listOf, present, runId, text } from "../sql-types";

const provenanceIds = statement({
  name: "provenance-ids",
  text: `SELECT a.run_id AS run, a.provenance AS id FROM unnest($1::text[], $2::int[]) AS k(run_id, attempt)
    JOIN attempt a ON a.run_id = k.run_id AND a.number = k.attempt WHERE a.provenance IS NOT NULL`,
  parameters: [listOf(text), listOf(int4)],
  row: { run: runId, id: present(text) },
});

const provenanceContents = statement({
  text: "SELECT id, content FROM provenance WHERE id = ANY($1::text[])",
  parameters: [listOf(text)],
  row: { id: text, content: jsonb<Provenance>() },
});

/** Where numbers come from, of many attempts: each of the few provenances that they share is read once. */
export class Provenances {
  readonly #known = new Map<string, Provenance>();

  constructor(private readonly database: Queryable) {}

  /** By run; runs whose trainers did not say are not in it. */
  async of(runs: readonly { id: string; attempt: number }[]): Promise<Map<string, Provenance>> {
    const { rows } = await this.database.query(
      provenanceIds(
        runs.map((run) => run.id),
        runs.map((run) => run.attempt),
      ),
    );
    const unknown = [...new Set(rows.map(({ id }) => id))].filter((id) => !this.#known.has(id));
    if (unknown.length > 0) {
      const { rows: contents } = await this.database.query(provenanceContents(unknown));
      for (const { id, content } of contents) this.#known.set(id, content);
    }
    return new Map(
      rows.flatMap(({ run, id }) => {
        const known = this.#known.get(id);
        return known ? [[run, known] as const] : [];
      }),
    );
  }
}
