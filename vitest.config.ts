import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Long walks through the dashboard: every page in both themes, and what people come to do. */
const browserJourneys = ["accessibility", "datasets", "equations", "journeys", "live-page"].map((name) => `e2e/${name}.e2e.ts`);
/**
 * What becomes of runs when processes hang or fall silent, disks fill up, inputs are bad and builds differ, a fault each, played to its end; what
 * an operator does; the command line; requests that hold the event loop; artifacts larger than 64 MiB; ledgers of
 * every earlier schema; what the runs of every family take of memory; the families' conformance in all their settings; what dies while training goes on; and checks of numbers that train for long.
 */
const long = [
  ...[
    "backup",
    "bad-input",
    "builds",
    "command-line",
    "faults",
    "full-disk",
    "hung-processes",
    "leadership",
    "operations",
    "outside-workers",
    "reproducibility",
    "run-faults",
    "several-trainers",
    "survival",
  ].map((name) => `e2e/${name}.e2e.ts`),
  "apps/api/src/http/heavy-requests.int.spec.ts",
  "apps/api/src/scheduler/builds.int.spec.ts",
  "apps/api/src/scheduler/learning-search.int.spec.ts",
  "apps/api/src/scheduler/race.int.spec.ts",
  "apps/api/src/tokens/roles-spellings.int.spec.ts",
  "apps/api/src/work/python-client-faults.int.spec.ts",
  "apps/api/src/work/stopping-outside.int.spec.ts",
  "apps/trainer/src/large-artifacts.int.spec.ts",
  "libs/models/src/mlp/output-penalty-experiments.spec.ts",
  "libs/database/src/backup/earlier-schemas.int.spec.ts",
  "libs/models/src/pinn/pinn-benchmarks.int.spec.ts",
  "apps/trainer/src/run-faults.int.spec.ts",
  "apps/trainer/src/spool-disk.int.spec.ts",
  "apps/trainer/src/worker/memory-estimate.int.spec.ts",
  "libs/engine/src/backend/wide-vectors.spec.ts",
  "libs/models/src/conformance-variants.spec.ts",
  "libs/models/src/default-sweeps.spec.ts",
  "libs/models/src/pack-memory.spec.ts",
  "apps/trainer/src/trainer-deaths.int.spec.ts",
];
/** The client is found by the path in tsconfig.base.json, also where `npm install` has not linked it yet. */
const resolve = { alias: { "@basin/client": fileURLToPath(new URL("libs/client/src/index.ts", import.meta.url)) } };
const exclude = ["**/node_modules/**", "**/dist/**", "**/.next/**"];

export default defineConfig({
  test: {
    reporters: process.env.CI ? ["default", "./tools/closing-line-reporter.ts"] : ["default"],
    projects: [
      {
        // As apps/web/tsconfig.json has it.
        resolve: {
          alias: [
            { find: /^@\//, replacement: fileURLToPath(new URL("apps/web/src/", import.meta.url)) },
            { find: "@basin/client", replacement: resolve.alias["@basin/client"] },
          ],
        },
        test: {
          name: "unit",
          sequence: { groupOrder: 0 },
          include: ["{apps,libs,tools,bench,e2e}/**/*.spec.{ts,tsx}"],
          exclude: [...exclude, ...long, "**/*.int.spec.ts", "**/*.gpu.spec.ts"],
          // Files share a process and its loaded modules: loading them anew for each file took longer than the tests.
          isolate: false,
          // One less than the cores, unless it is said: on two of them a file at a time.
          maxWorkers: availableParallelism(),
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: "int",
          sequence: { groupOrder: 1 },
          include: ["{apps,libs}/**/*.int.spec.ts"],
          exclude: [...exclude, ...long],
          // As above: loading the API's modules for each file anew took five seconds of a core.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ["libs/testing/src/servers.global-setup.ts"],
          // They wait more than they compute.
          maxWorkers: 4,
        },
      },
      {
        resolve,
        test: {
          // After all others: it measures what happens within seconds on machines with few cores. They wait more than they compute.
          name: "e2e",
          sequence: { groupOrder: 2 },
          include: ["e2e/**/*.e2e.ts"],
          exclude: [...exclude, ...browserJourneys, ...long, "e2e/machines/**"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 4,
        },
      },
      {
        resolve,
        test: {
          // `npm run test:benches`: every benchmark, as short as it goes. They measure, so one after the other and with nothing beside them.
          name: "benches",
          sequence: { groupOrder: 4 },
          include: ["bench/src/**/*.bench.ts"],
          exclude,
          testTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        resolve,
        test: {
          // `npm run test:journeys`: what would take the default command past ten minutes.
          name: "journeys",
          sequence: { groupOrder: 3 },
          include: browserJourneys,
          exclude,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        resolve,
        test: {
          // `npm run test:long`: what would take the default command past ten minutes as well.
          name: "long",
          sequence: { groupOrder: 3 },
          include: long,
          exclude,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          globalSetup: ["libs/testing/src/servers.global-setup.ts"],
          maxWorkers: 2,
        },
      },
      {
        resolve,
        test: {
          // `npm run test:prometheus` and others: against programs of the operating system that a machine may lack.
          name: "machines",
          sequence: { groupOrder: 4 },
          include: ["e2e/machines/*.e2e.ts"],
          exclude,
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        resolve,
        test: {
          // `npm run test:gpu`: every kernel and every family on a GPU, or on the software that plays one, bit by bit against wasm.
          name: "gpu",
          sequence: { groupOrder: 3 },
          include: ["libs/**/*.gpu.spec.ts"],
          exclude,
          testTimeout: 900_000,
          maxWorkers: 1,
        },
      },
      {
        resolve,
        test: {
          // `npm run test:faults`: the file that plays one schedule among the long tests, with as many as are asked for.
          name: "faults",
          sequence: { groupOrder: 4 },
          include: ["e2e/faults.e2e.ts"],
          exclude,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
