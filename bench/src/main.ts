import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { dashboard, dashboardParts } from "./dashboard";
import { dispatch } from "./dispatch";
import { ingest } from "./ingest";
import { kernels } from "./kernels";
import { latency } from "./latency";
import { memory } from "./memory";
import { peers } from "./peers";
import { publish, type BenchmarkOptions, type Measurement } from "./report";
import { sleeps } from "./sleeps";

/** Every benchmark: one line adds one. */
const benchmarks: Record<string, { run: (options: BenchmarkOptions) => Promise<Measurement>; summary: string }> = {
  dashboard: { run: dashboard, summary: "the dashboard in headless Chromium over 100,000 runs (needs Chromium)" },
  dispatch: { run: dispatch, summary: "no-op runs per second, submit to committed" },
  ingest: { run: ingest, summary: "metric points per second, trainer to Postgres" },
  kernels: { run: kernels, summary: "rates of the wasm kernels against this machine's peak" },
  latency: { run: latency, summary: "submit to the first metric at a server-sent-events client" },
  memory: { run: memory, summary: "resident memory of the whole idle stack" },
  peers: { run: peers, summary: "against Optuna with PyTorch, and against JAX (needs Python 3.11)" },
  sleeps: { run: sleeps, summary: "10,000 one-second sleeps on 16 slots against the ideal" },
};

const usage = `Usage: npm run bench -- NAME [--json FILE] [--quick] [--keep FOLDER] [--only PART,PART]\n\n${Object.entries(
  benchmarks,
)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}\n\nEach starts its own stack on free ports and removes it. --quick measures less.
dashboard: --keep FOLDER keeps the seeded database there and uses it the next time; --only measures some of its parts:
${dashboardParts.join(", ")}.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    keep: { type: "string" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const name = positionals[0] ?? "";
const benchmark = benchmarks[name];
if (values.help || benchmark === undefined) {
  console.error(benchmark === undefined && name !== "" ? `There is no benchmark "${name}".\n\n${usage}` : usage);
  process.exit(values.help ? 0 : 2);
}
const startedAt = new Date();
const options = {
  quick: values.quick,
  keep: values.keep === undefined ? null : resolve(values.keep),
  only: values.only?.split(",") ?? null,
};
publish(name, startedAt, await benchmark.run(options), values.json);
process.exit(0);
