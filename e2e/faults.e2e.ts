import { call } from "@basin/client";
import { Report, type SweepSpecInput } from "@basin/contracts";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { playSchedule } from "./faults/play-schedule";
import { faultText, scheduleOf, trainers } from "./faults/schedule";
import { SmallDisk } from "./faults/small-disk";
import { diagnosticRuns, smallNetworks } from "./harness/specs";
import { completed, expectSameFacts, factsOf, runDetails, submit, type RunFacts } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

/**
 * Seeded random schedules of faults over real processes: `npm run test:faults -- --schedules N [--from SEED] [--json FILE]`.
 * The default test command plays one. Whatever happens, every run of both sweeps is committed once, its series are whole, its
 * numbers and its weights are those of the undisturbed sweep to the bit, and no run fails by somebody else's fault.
 */
const from = Number(process.env.BASIN_FAULTS_FROM ?? "1");
const schedules = Number(process.env.BASIN_FAULTS_SCHEDULES ?? "1");
const reportFile = process.env.BASIN_FAULTS_JSON ?? "";

/** Networks with checkpoints and weights, and runs that send a point every 40 ms: together about 12 s on two slots. */
const specs: Record<string, SweepSpecInput> = {
  networks: { ...smallNetworks({ epochs: 1500, seeds: 4, maxPackWidth: 6 }), retryLimit: 3 },
  series: diagnosticRuns({ runs: 24, steps: 60, secondsPerStep: 0.04, maxPackWidth: 6, retryLimit: 3 }),
};
/** A disk of a trainer's own: room for everything these sweeps write, several times over. */
const diskMegabytes = 64;

let stack: TestStack;
const disks = new Map<string, SmallDisk>();
const undisturbed = new Map<string, Map<string, WholeFacts>>();
const played: { seed: number; faults: string[]; held: boolean; seconds: number; reason: string | null; attempts: number }[] = [];
const startedAt = new Date();

type WholeFacts = RunFacts & { weights: string | null };

/** What every run of a sweep computed, weights included. */
async function wholeFacts(sweep: Awaited<ReturnType<typeof submit>>): Promise<Map<string, WholeFacts>> {
  const facts = await factsOf(stack.api, sweep.id);
  const whole = new Map<string, WholeFacts>();
  for (const run of await runDetails(stack.api, sweep.id)) {
    const configuration = Object.entries(run.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = `${JSON.stringify(configuration)}#${run.seed}`;
    const { items } = await call(stack.api, "listArtifacts", { params: { run: run.id } });
    const found = facts.get(key);
    if (found) whole.set(key, { ...found, weights: items.find(({ kind }) => kind === "weights")?.sha256 ?? null });
  }
  return whole;
}

async function expectWhole(name: string, sweep: Awaited<ReturnType<typeof submit>>): Promise<number> {
  const want = undisturbed.get(name) ?? new Map<string, WholeFacts>();
  await completed(stack.api, sweep.id, 150);
  const details = await runDetails(stack.api, sweep.id);
  expect(details).toHaveLength(want.size);
  for (const run of details) {
    expect(run.state, run.reason ?? run.id).toBe("succeeded");
    const finals = run.attempts.filter((attempt) => attempt.state === "succeeded");
    expect(
      finals.map(({ number }) => number),
      `commits of ${run.id}`,
    ).toEqual([run.attempt]);
  }
  const got = await wholeFacts(sweep);
  expectSameFacts(got, want);
  for (const [key, { weights }] of want) expect(got.get(key)?.weights, `weights of ${key}`).toBe(weights);
  return details.reduce((sum, run) => sum + run.attempts.length, 0);
}

beforeAll(async () => {
  stack = await TestStack.start({
    trainers: 2,
    apis: 2,
    env: { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: "1" },
    beforeUp: (directory) => {
      for (const trainer of trainers) {
        const disk = SmallDisk.mount(join(directory, trainer), diskMegabytes);
        if (disk !== null) disks.set(trainer, disk);
      }
    },
  });
  for (const [name, spec] of Object.entries(specs)) {
    const sweep = await submit(stack.api, spec);
    await completed(stack.api, sweep.id, 150);
    undisturbed.set(name, await wholeFacts(sweep));
  }
}, 300_000);

afterAll(async () => {
  await stack.down();
  for (const disk of disks.values()) disk.unmount();
  await stack.close();
  if (reportFile !== "") writeFileSync(reportFile, `${JSON.stringify(report(), null, 2)}\n`);
});

describe("a sweep under a random schedule of faults", () => {
  test.for(Array.from({ length: schedules }, (_, i) => from + i))("schedule %i", { timeout: 300_000 }, async (seed) => {
    const faults = scheduleOf(seed, disks.size === trainers.length);
    const began = performance.now();
    const entry = { seed, faults: faults.map(faultText), held: false, seconds: 0, reason: null as string | null, attempts: 0 };
    played.push(entry);
    try {
      const sweeps = await Promise.all(
        Object.entries(specs).map(async ([name, spec]) => [name, await submit(stack.api, spec)] as const),
      );
      await playSchedule(stack, disks, faults);
      for (const [name, sweep] of sweeps) entry.attempts += await expectWhole(name, sweep);
      entry.held = true;
    } catch (error) {
      entry.reason = error instanceof Error ? error.message : String(error);
      console.error(
        `schedule ${seed} did not hold; play it again with --from ${seed} --schedules 1\n${entry.faults.join("\n")}\n${stack.report()}`,
      );
      throw error;
    } finally {
      entry.seconds = (performance.now() - began) / 1000;
    }
  });
});

function report(): Report {
  const held = played.filter((entry) => entry.held).length;
  const count = (value: number) => ({ value, unit: "schedules", min: value, max: value, samples: played.length });
  return Report.parse({
    report: "test.faults",
    version: 1,
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
      backend: "wasm",
    },
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    figures: { schedulesHeld: count(held), schedulesPlayed: count(played.length) },
    checks: [
      { name: "every schedule holds", want: `= ${schedules}`, got: held, met: held === schedules },
      disks.size === trainers.length
        ? { name: "disks can be filled", want: "yes", got: "yes", met: true }
        : { name: "disks can be filled", want: "yes", got: null, met: null, reason: "no file system may be mounted here" },
    ],
    rows: played,
  });
}
