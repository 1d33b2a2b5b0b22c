import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openLedger } from "./small-ledger.testing";
import { bool, float8, int4, listOf, nullable, present, runId, runState, text, uuid, type SqlType } from "./sql-types";
import { declaredStatements, type Declared } from "./statement";
import { faultsOf, readCatalogue } from "./statement-faults.testing";

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !/\.(spec|testing)\.ts$/.test(name) && !name.startsWith("generated"),
);

async function checker(): Promise<(declared: Declared) => Promise<string[]>> {
  const { fresh } = await openLedger();
  const client = new Client({ connectionString: fresh.url });
  await client.connect();
  onTestFinished(() => client.end());
  const catalogue = await readCatalogue(client);
  return (declared) => faultsOf(client, catalogue, declared);
}

test("every statement fits the migrated schema, and its types those that are declared", async () => {
  for (const name of sources) await import(/* @vite-ignore */ join(import.meta.dirname, name));
  const faultsIn = await checker();
  const statements = [...declaredStatements()];
  // Far fewer would mean that modules were not loaded.
  expect(statements.length).toBeGreaterThan(400);
  const wrong: { text: string; faults: string[] }[] = [];
  for (const declared of statements) {
    const faults = await faultsIn(declared);
    if (faults.length > 0) wrong.push({ text: declared.text, faults });
  }
  expect(wrong).toEqual([]);
});

/**
 * Files that speak to PostgreSQL by themselves: the connection; the migrations, which come before the schema; and backups, which copy whatever
 * tables there are, of any schema.
 */
const backups = ["read-backup", "restore", "tables", "write-backup"].map((name) => `backup/${name}.ts`);
const ownConnections = [...backups, "connection.ts", "migrate.ts"];

test("no text reaches PostgreSQL that was not declared", () => {
  const undeclared = sources.filter((name) => {
    const source = readFileSync(join(import.meta.dirname, name), "utf8");
    return /from "pg"|dedicatedClient|\$(queryRaw|executeRaw)|as (unknown as )?Statement\b/.test(source);
  });
  expect(undeclared.sort()).toEqual([...ownConnections, "statement.ts"]);
});

test.each<{ what: string; fault: RegExp; text?: string; parameters?: SqlType[]; row?: Declared["row"] }>([
  {
    what: "a column of another type",
    row: { id: runId, seed: text, objective: nullable(float8) },
    fault: /column seed is integer; declared as text/,
  },
  {
    what: "a column that is not there",
    text: "SELECT id, seeds, objective FROM run WHERE id = $1",
    fault: /column "seeds" does not exist/,
  },
  { what: "a table that is not there", text: "SELECT 1 FROM runs WHERE id = $1", fault: /relation "runs" does not exist/ },
  {
    what: "a column by another name",
    row: { id: runId, sood: int4, objective: nullable(float8) },
    fault: /column sood is declared and not returned/,
  },
  {
    what: "a column that nobody declared",
    row: { id: runId, seed: int4 },
    fault: /column objective is returned and not declared/,
  },
  { what: "a column that may be null", row: { id: runId, seed: int4, objective: float8 }, fault: /column objective may be null/ },
  {
    what: "a column that may be null, behind a subquery",
    text: "WITH a AS (SELECT * FROM run) SELECT id, seed, objective FROM (SELECT * FROM a) b WHERE id = $1",
    row: { id: runId, seed: int4, objective: float8 },
    fault: /column objective may be null/,
  },
  { what: "a parameter that is missing", parameters: [], fault: /the text has 1 parameters; 0 are declared/ },
  { what: "a parameter too many", parameters: [text, text], fault: /the text has 1 parameters; 2 are declared/ },
  { what: "a parameter of another type", parameters: [uuid], fault: /\$1 is text; declared as uuid/ },
  {
    what: "one value where a list is wanted",
    text: "SELECT id, seed, objective FROM run WHERE id = ANY($1)",
    fault: /\$1 is text\[\]; declared as text/,
  },
  {
    what: "a count that is not a number",
    text: "SELECT id, count(*) AS seed, objective FROM run WHERE id = $1 GROUP BY id",
    fault: /column seed is bigint; declared as integer/,
  },
  {
    what: "an enum with another value",
    text: "SELECT state FROM run WHERE id = $1",
    row: { state: { ...runState, values: ["pending", "lost"] } },
    fault: /run_state has the values pending, queued/,
  },
  {
    what: "an enum in a parameter",
    text: "SELECT true AS any FROM run WHERE state = ANY($1)",
    parameters: [{ ...listOf(runState), values: ["pending"] }],
    row: { any: bool },
    fault: /run_state\[\] has the values pending, queued/,
  },
  {
    what: "a column that comes twice",
    text: "SELECT id, seed, id, objective FROM run WHERE id = $1",
    fault: /column id is returned twice/,
  },
])("the check notices $what", async ({ fault, ...changes }) => {
  const faultsIn = await checker();
  const right: Declared = {
    text: "SELECT id, seed, objective FROM run WHERE id = $1",
    parameters: [text],
    row: { id: runId, seed: int4, objective: nullable(float8) },
  };
  expect(await faultsIn(right)).toEqual([]);
  expect(await faultsIn({ ...right, row: { id: runId, seed: int4, objective: present(float8) } })).toEqual([]);
  const found = await faultsIn({ ...right, ...changes });
  expect(
    found.some((one) => fault.test(one)),
    found.join("; "),
  ).toBe(true);
});
