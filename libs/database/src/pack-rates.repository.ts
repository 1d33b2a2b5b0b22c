import type { PackMeasure, TrainerId } from "@basin/contracts";
import { widthClass, type PackRate } from "@basin/domain";
import type { Database, Queryable } from "./connection";
import { statement } from "./statement";
import { float8, int4, listOf, nullable, sparseListOf, text, uuid } from "./sql-types";

/** Older measurements are tried anew: the machine may have been busy, or is another one now. */
const freshHours = 24;
/** Beyond this much time the past counts half, so that a rate follows a machine that changed. */
const memorySeconds = 600;

const addPackRates = statement({
  name: "add-pack-rates",
  text: `INSERT INTO pack_rate AS old (pack_key, backend, width, run_steps, seconds, bytes_per_run)
    SELECT p.pack_key, t.backend, m.class, sum(m.run_steps), sum(m.seconds), min(m.bytes / m.width)
    FROM unnest($2::uuid[], $3::int[], $4::int[], $5::float8[], $6::float8[], $7::float8[])
           AS m(pack, width, class, run_steps, seconds, bytes)
    JOIN pack p ON p.id = m.pack AND p.pack_key IS NOT NULL JOIN trainer t ON t.id = $1
    GROUP BY p.pack_key, t.backend, m.class ORDER BY p.pack_key, m.class
    ON CONFLICT (pack_key, backend, width) DO UPDATE SET
      run_steps = excluded.run_steps + old.run_steps * CASE WHEN old.seconds > $8 THEN 0.5 ELSE 1 END,
      seconds = excluded.seconds + old.seconds * CASE WHEN old.seconds > $8 THEN 0.5 ELSE 1 END,
      bytes_per_run = least(excluded.bytes_per_run, old.bytes_per_run),
      measured_at = now()`,
  parameters: [text, listOf(uuid), listOf(int4), listOf(int4), listOf(float8), listOf(float8), sparseListOf(float8), float8],
});

/** What packs cost, by key, backend and width: written with heartbeats, read when packs are formed. */
export class PackRatesRepository {
  constructor(private readonly database: Database) {}

  /** Adds what a trainer measured; what names a pack that is not there is left out. */
  async add(trainer: TrainerId, measured: readonly PackMeasure[]): Promise<void> {
    if (measured.length === 0) return;
    const add = addPackRates(
      trainer,
      measured.map(({ pack }) => pack),
      measured.map(({ width }) => width),
      measured.map(({ width }) => widthClass(width)),
      measured.map(({ runSteps }) => runSteps),
      measured.map(({ seconds }) => seconds),
      measured.map(({ bytes }) => bytes),
      memorySeconds,
    );
    await this.database.transaction((connection) => connection.query(add), { durable: false });
  }
}

const freshRates = statement({
  name: "read-pack-rates",
  text: `SELECT pack_key AS "packKey", backend, width, run_steps AS "runSteps", seconds, bytes_per_run AS "bytesPerRun"
    FROM pack_rate WHERE pack_key = ANY($1::text[]) AND measured_at > now() - make_interval(hours => $2)`,
  parameters: [listOf(text), int4],
  row: { packKey: text, backend: text, width: int4, runSteps: float8, seconds: float8, bytesPerRun: nullable(float8) },
});

export async function readPackRates(connection: Queryable, packKeys: readonly string[]): Promise<Map<string, PackRate[]>> {
  const { rows } = await connection.query(freshRates(packKeys, freshHours));
  const byKey = new Map<string, PackRate[]>();
  for (const { packKey, ...rate } of rows) byKey.set(packKey, [...(byKey.get(packKey) ?? []), rate]);
  return byKey;
}
