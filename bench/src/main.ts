import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { dashboard, dashboardParts } from "./dashboard";
import { dispatch } from "./dispatch";
import { ingest } from "./ingest";
import { kernels } from "./kernels";
import { latency } from "./latency";
import { memory } from "./memory";
import { peerParts, peers } from "./peers";
import { recovery } from "./recovery";
import { publish, type BenchmarkOptions, type Measurement } from "./report";
import { sleeps } from "./sleeps";

interface Benchmark {
  run: (options: BenchmarkOptions) => Promise<Measurement>;
  /** What `--only` can name. */
  parts?: readonly string[];
  summary: string;
}

/** Every benchmark: one line adds one. */
const benchmarks: Record<string, Benchmark> = {
  dashboard: {
    run: dashboard,
    parts: dashboardParts,
    summary: "the dashboard in headless Chromium over 100,000 runs (needs Chromium)",
  },
  dispatch: { run: dispatch, summary: "no-op runs per second, submit to committed" },
  ingest: { run: ingest, summary: "metric points per second, trainer to Postgres" },
  kernels: { run: kernels, summary: "rates of the wasm kernels against this machine's peak" },
  latency: { run: latency, summary: "submit to the first metric at a server-sent-events client" },
  memory: { run: memory, summary: "resident memory of the whole idle stack" },
  peers: { run: peers, parts: peerParts, summary: "against Optuna with PyTorch, and against JAX (needs Python 3.11)" },
  recovery: { run: recovery, summary: "steps of a run that kill -9 of a trainer in the middle of a pack loses" },
  sleeps: { run: sleeps, summary: "10,000 one-second sleeps on 16 slots against the ideal" },
};

const usage = `Usage: npm run bench -- NAME [--json FILE] [--quick] [--keep FOLDER] [--only PART,PART]\n\n${Object.entries(
  benchmarks,
)
  .map(([name, { summary, parts }]) => `  ${name.padEnd(10)} ${summary}${parts ? `; parts: ${parts.join(", ")}` : ""}`)
  .join("\n")}\n\nEach starts its own stack on free ports and removes it. --quick measures less, --only some parts;
dashboard: --keep FOLDER keeps the seeded database there and uses it the next time.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    keep: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const name = positionals[0] ?? "";
const benchmark = benchmarks[name];
if (values.help || benchmark === undefined) {
  console.error(benchmark === undefined && name !== "" ? `There is no benchmark "${name}".\n\n${usage}` : usage);
  process.exit(values.help ? 0 : 2);
}
const only = values.only?.split(",") ?? null;
const unknown = only?.find((part) => !benchmark.parts?.includes(part));
if (unknown !== undefined) {
  console.error(`The benchmark "${name}" has no part "${unknown}".\n\n${usage}`);
  process.exit(2);
}
const startedAt = new Date();
const options = { quick: values.quick, keep: values.keep === undefined ? null : resolve(values.keep), only };
publish(name, startedAt, await benchmark.run(options), values.json);
process.exit(0);
