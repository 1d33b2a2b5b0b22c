import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as contracts from "../index";

/** `PackMessageV1` → `pack-message.v1.json`: examples of that version, which every later schema of that name must parse. */
const directory = new URL("./fixtures/", import.meta.url);
const fileOf = (name: string): string =>
  `${name
    .replace(/V(\d+)$/, ".v$1")
    .replace(/(?<=[a-z])([A-Z])/g, "-$1")
    .toLowerCase()}.json`;

const schemas = Object.entries(contracts).flatMap(([name, value]) =>
  /V\d+$/.test(name) && value instanceof z.ZodType ? [{ name, file: fileOf(name), schema: value }] : [],
);
const files = readdirSync(fileURLToPath(directory));

const examplesIn = (file: string): unknown[] => {
  const examples: unknown = JSON.parse(readFileSync(new URL(file, directory), "utf8"));
  if (!Array.isArray(examples) || examples.length === 0) throw new Error(`${file} must be a list of at least one example`);
  return examples;
};

describe("message fixtures", () => {
  it("exist for every versioned schema, and every fixture has its schema still", () => {
    expect(schemas.length).toBeGreaterThan(20);
    expect(files.toSorted()).toEqual(schemas.map(({ file }) => file).toSorted());
  });

  it("cover both sides of every control request", () => {
    const covered = new Set<z.ZodType>(schemas.map(({ schema }) => schema));
    for (const [name, { request, reply }] of Object.entries(contracts.controlRequests)) {
      expect(covered.has(request) && covered.has(reply), name).toBe(true);
    }
  });

  it.each(schemas)("$file is parsed without a change", ({ file, schema }) => {
    for (const example of examplesIn(file)) expect(schema.parse(example)).toEqual(example);
  });

  it.each(schemas)("$name refuses a field that its version does not have", ({ file, schema }) => {
    for (const example of examplesIn(file)) {
      expect(schema.safeParse({ ...z.looseObject({}).parse(example), addedLater: 1 }).success).toBe(false);
    }
  });

  it.each(schemas)("$name refuses another version", ({ file, schema }) => {
    for (const example of examplesIn(file)) {
      if (!z.object({ v: z.number() }).safeParse(example).success) continue;
      expect(schema.safeParse({ ...z.looseObject({}).parse(example), v: 2 }).success).toBe(false);
    }
  });
});
