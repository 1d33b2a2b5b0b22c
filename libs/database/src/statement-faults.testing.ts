import { messageOf } from "@basin/contracts";
import type { Client, Connection, FieldDef } from "pg";
import type { Declared } from "./statement";
import type { SqlType } from "./sql-types";

interface Description {
  parameterTypes: number[];
  /** Null: the statement returns no rows. */
  fields: FieldDef[] | null;
}

/** Asks PostgreSQL to parse a text and to describe it; nothing is executed. */
function describe(client: Client, text: string): Promise<Description> {
  return new Promise((resolve, reject) => {
    const found: Description = { parameterTypes: [], fields: null };
    const query = {
      submit(connection: Connection): void {
        connection.once("parameterDescription", (message: { dataTypeIDs: number[] }) => {
          found.parameterTypes = message.dataTypeIDs;
        });
        connection.parse({ name: "", text, types: [] }, true);
        connection.describe({ type: "S", name: "" }, true);
        connection.sync();
      },
      handleRowDescription({ fields }: { fields: FieldDef[] }): void {
        found.fields = fields;
      },
      handleError: reject,
      handleReadyForQuery: () => resolve(found),
    };
    client.query(query);
  });
}

interface Catalogue {
  typeNames: Map<number, string>;
  /** `<table>.<column>` by the numbers of both. */
  nullableColumns: Set<string>;
  enums: Map<string, string[]>;
}

export async function readCatalogue(client: Client): Promise<Catalogue> {
  const types = await client.query<{ oid: number; name: string }>(
    "SELECT oid::int AS oid, oid::regtype::text AS name FROM pg_type",
  );
  const columns = await client.query<{ place: string }>(
    `SELECT attrelid || '.' || attnum AS place FROM pg_attribute WHERE attnum > 0 AND NOT attnotnull`,
  );
  const labels = await client.query<{ name: string; labels: string[] }>(
    `SELECT enumtypid::regtype::text AS name, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels FROM pg_enum GROUP BY 1`,
  );
  return {
    typeNames: new Map(types.rows.map(({ oid, name }) => [oid, name])),
    nullableColumns: new Set(columns.rows.map(({ place }) => place)),
    enums: new Map(labels.rows.map((one) => [one.name, one.labels])),
  };
}

function enumFault({ name, values }: SqlType, { enums }: Catalogue): string | null {
  if (!values) return null;
  const there = enums.get(name.replace("[]", "")) ?? [];
  return [...values].sort().join() === [...there].sort().join() ? null : `${name} has the values ${there.join(", ")}`;
}

/** Where a declared statement and the schema part; empty when they agree. */
export async function faultsOf(client: Client, catalogue: Catalogue, { text, parameters, row }: Declared): Promise<string[]> {
  let description: Description;
  try {
    description = await describe(client, text);
  } catch (error) {
    return [messageOf(error)];
  }
  const faults: (string | null)[] = [];
  const nameOf = (oid: number): string => catalogue.typeNames.get(oid) ?? `type ${oid}`;
  const { parameterTypes, fields } = description;
  if (parameterTypes.length !== parameters.length)
    faults.push(`the text has ${parameterTypes.length} parameters; ${parameters.length} are declared`);
  for (const [i, type] of parameters.entries()) {
    const oid = parameterTypes[i];
    if (oid !== undefined && nameOf(oid) !== type.name) faults.push(`$${i + 1} is ${nameOf(oid)}; declared as ${type.name}`);
    faults.push(enumFault(type, catalogue));
  }
  if (row === null) return faults.filter((fault) => fault !== null);
  const returned = fields ?? [];
  const names = returned.map(({ name }) => name);
  for (const name of names.filter((one, i) => names.indexOf(one) !== i)) faults.push(`column ${name} is returned twice`);
  for (const name of Object.keys(row)) if (!names.includes(name)) faults.push(`column ${name} is declared and not returned`);
  for (const { name, dataTypeID, tableID, columnID } of returned) {
    const type = row[name];
    if (!type) {
      faults.push(`column ${name} is returned and not declared`);
      continue;
    }
    if (nameOf(dataTypeID) !== type.name) faults.push(`column ${name} is ${nameOf(dataTypeID)}; declared as ${type.name}`);
    const mayBeNull = catalogue.nullableColumns.has(`${tableID}.${columnID}`);
    if (mayBeNull && !type.nullable && type.present !== true) faults.push(`column ${name} may be null`);
    faults.push(enumFault(type, catalogue));
  }
  return faults.filter((fault) => fault !== null);
}
