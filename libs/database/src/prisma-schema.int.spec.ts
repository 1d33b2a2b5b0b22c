import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unchecked } from "@basin/testing";
import { expect, test } from "vitest";
import { findMigrationsFolder } from "./migrations-folder";
import { openLedger } from "./small-ledger.testing";

const scalars: Record<string, string> = {
  String: "text",
  Int: "integer",
  BigInt: "bigint",
  Float: "double precision",
  Boolean: "boolean",
  Json: "jsonb",
  Bytes: "bytea",
  DateTime: "timestamp with time zone",
};

/** The columns of `schema.prisma`, as `table.column type` with a question mark where it may be null. */
function promisedColumns(schema: string): string[] {
  const blocks = [...schema.matchAll(/^(model|enum) (\w+) \{\n(.*?)^\}/gms)].map(([, kind, name = "", body = ""]) => ({
    kind,
    name,
    body,
    mapped: /@@map\("(.*?)"\)/.exec(body)?.[1] ?? name,
  }));
  const enums = new Map(blocks.filter(({ kind }) => kind === "enum").map(({ name, mapped }) => [name, mapped]));
  return blocks
    .filter(({ kind }) => kind === "model")
    .flatMap(({ mapped, body }) =>
      [...body.matchAll(/^ +(\w+) +(\w+)(\[\])?(\?)?(.*)$/gm)].flatMap(
        ([, field = "", type = "", list = "", optional = "", rest = ""]) => {
          const column = /(?<!@)@map\("(.*?)"\)/.exec(rest)?.[1] ?? field;
          const stored = /@db\.(Uuid|Json)\b/.exec(rest)?.[1]?.toLowerCase() ?? scalars[type] ?? enums.get(type);
          // What names another model is no column.
          return stored === undefined ? [] : [`${mapped}.${column} ${stored}${list}${optional}`];
        },
      ),
    );
}

test("the Prisma schema says of every column what the migrations make of it", async () => {
  const { database } = await openLedger();
  const { rows } = await database.query(
    unchecked<{ told: string }>(
      `SELECT c.relname || '.' || a.attname || ' ' || a.atttypid::regtype || CASE WHEN a.attnotnull THEN '' ELSE '?' END AS told
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
         AND a.attnum > 0 AND NOT a.attisdropped`,
    ),
  );
  const schema = readFileSync(join(findMigrationsFolder(), "..", "schema.prisma"), "utf8");
  expect(promisedColumns(schema).sort()).toEqual(rows.map(({ told }) => told).sort());
});
