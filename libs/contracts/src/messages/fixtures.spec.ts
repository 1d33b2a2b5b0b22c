import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { writtenOut } from "../written-out";
import { controlRequests } from "./control-requests";

/** `PackMessageV1` → `pack-message.v1.json`: examples of that version, which every later schema of that name must parse. */
const directory = new URL("./fixtures/", import.meta.url);
const fileOf = (name: string): string =>
  `${name
    .replace(/V(\d+)$/, ".v$1")
    .replace(/(?<=[a-z])([A-Z])/g, "-$1")
    .toLowerCase()}.json`;

const modules = await Promise.all(
  readdirSync(fileURLToPath(new URL(".", import.meta.url)))
    .filter((file) => /(?<!\.spec)\.ts$/.test(file))
    .map((file) => import(/* @vite-ignore */ `./${file}`) as Promise<Record<string, unknown>>),
);
const schemas = modules
  .flatMap(Object.entries<unknown>)
  .flatMap(([name, value]) =>
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
    const covered = new Set<unknown>(schemas.map(({ schema }) => schema));
    const versions = (schema: z.ZodType): readonly unknown[] =>
      schema instanceof z.ZodDiscriminatedUnion && !covered.has(schema) ? schema.options : [schema];
    for (const [name, { request, reply }] of Object.entries(controlRequests)) {
      expect(
        [...versions(request), ...versions(reply)].every((version) => covered.has(version)),
        name,
      ).toBe(true);
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
      const told = z.object({ v: z.number() }).safeParse(example);
      if (!told.success) continue;
      for (const v of [0, 1, 2, 3].filter((other) => other !== told.data.v))
        expect(schema.safeParse({ ...z.looseObject({}).parse(example), v }).success).toBe(false);
    }
  });
});

/** `PackMessageV1` → `shipped/pack-message.v1.json`: the JSON Schema of the version as it was when it was added. */
const shippedFile = (file: string): string => fileURLToPath(new URL(`./shipped/${file}`, import.meta.url));

describe("a version that was shipped is frozen: it is never edited (docs/how-to/add-a-message.md)", () => {
  it.each(schemas)("$name is what it was", async ({ name, file, schema }) => {
    const now = `${JSON.stringify(writtenOut(schema), null, 2)}\n`;
    const path = shippedFile(file);
    // A new version's file is written by the first run outside CI, and committed with the version.
    if (!existsSync(path)) return expect(now).toMatchFileSnapshot(path);
    const next = name.replace(/\d+$/, (version) => String(Number(version) + 1));
    expect(
      JSON.parse(now),
      `${name} was shipped and is frozen: it is never edited, and something new is a new version beside it (${next}).`,
    ).toEqual(JSON.parse(readFileSync(path, "utf8")));
  });

  it("is never removed", () => {
    const present = new Set(schemas.map(({ file }) => file));
    expect(readdirSync(shippedFile("")).filter((file) => !present.has(file))).toEqual([]);
  });
});
