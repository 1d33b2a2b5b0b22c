import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CommandFailed } from "./exit";
import { readSweep } from "./sweep-file";

const directory = mkdtempSync(join(tmpdir(), "basin-cli-"));
const file = join(directory, "sweep.yaml");
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function read(text: string, settings: string[] = []): ReturnType<typeof readSweep> {
  writeFileSync(file, text);
  return readSweep(file, settings);
}

async function complaints(text: string, settings: string[] = []): Promise<string> {
  const error = await read(text, settings).catch((thrown: unknown) => thrown);
  if (!(error instanceof CommandFailed)) throw new Error("it was accepted");
  expect(error.exitCode).toBe(2);
  return [error.message, ...error.details].join("\n");
}

const yaml = "experiment: loss-minimization\nspace:\n  learningRate: { type: choice, values: [3e-4, 1e-3] }\n";

test("YAML and JSON are read, with numbers as a physicist writes them", async () => {
  const spec = await read(yaml);
  expect(spec.space.learningRate).toEqual({ type: "choice", values: [3e-4, 1e-3] });
  expect(spec.seeds).toEqual({ count: 5, first: 0 });
  expect(await read(JSON.stringify({ experiment: "loss-minimization", space: spec.space }))).toEqual(spec);
});

test("settings replace fields by path and parameters by name", async () => {
  const spec = await read(yaml, [
    "seeds.count=3",
    "epochs=100",
    "activation=[tanh, sine]",
    "learningRate={type: log-float, min: 1e-4, max: 1e-2, points: 5}",
  ]);
  expect(spec.seeds).toEqual({ count: 3, first: 0 });
  expect(spec.space).toEqual({
    learningRate: { type: "log-float", min: 1e-4, max: 1e-2, points: 5 },
    epochs: 100,
    activation: ["tanh", "sine"],
  });
});

test("short forms are left to the API, which knows what a parameter takes", async () => {
  const spec = await read(
    "experiment: x\nseeds: 3\nspace:\n  learningRate: { min: 1e-4, max: 1e-2 }\n  hiddenLayers: [16, 16]\n",
  );
  expect(spec.space).toEqual({ learningRate: { min: 1e-4, max: 1e-2 }, hiddenLayers: [16, 16] });
  expect(spec.seeds).toEqual({ count: 3, first: 0 });
});

test("what is wrong is named with its place", async () => {
  expect(await complaints(yaml.replace("1e-3", ".nan"))).toMatch(/space\.learningRate\.values\[1\]: .*finite number/);
  expect(await complaints(`${yaml}colour: blue\n`)).toContain('unknown field "colour"; there are name, experiment, space');
  expect(await complaints(`${yaml}seed: 3\n`)).toContain('unknown field "seed"; did you mean "seeds"?');
  expect(await complaints(`${yaml}seeds: { count: 0 }\n`)).toContain("seeds.count: must be at least 1, not 0");
  expect(await complaints(`${yaml}budget: { deadline: "2030-01-31T18:00:00" }\n`)).toContain(
    "budget.deadline: lacks a time zone: write 2030-01-31T18:00:00Z for UTC, or 2030-01-31T18:00:00+01:00",
  );
  expect(await complaints(yaml.replace("choice", "choise"))).toContain(
    'must be one of fixed, choice, int, float, log-float, step, not "choise"; did you mean "choice"?',
  );
  expect(await complaints("experiment: [")).toMatch(/neither YAML nor JSON/);
  expect(await complaints("just text")).toMatch(/holds no sweep/);
  expect(await complaints(yaml, ["seeds"])).toMatch(/key=value/);
  expect(await complaints(yaml, ["sed.count=3"])).toMatch(/no field sed/);
  await expect(readSweep("/no/such/file.yaml", [])).rejects.toThrow("there is no file /no/such/file.yaml");
});
