import { parseArgs } from "node:util";
import { dashboard } from "./dashboard";
import { dispatch } from "./dispatch";
import { ingest } from "./ingest";
import { kernels } from "./kernels";
import { latency } from "./latency";
import { memory } from "./memory";
import { peerParts, peers } from "./peers";
import { publish, type Measurement } from "./report";
import { sleeps } from "./sleeps";

interface Benchmark {
  run: (options: { quick: boolean; only?: string | undefined }) => Promise<Measurement>;
  /** What `--only` can name. */
  parts?: readonly string[];
  summary: string;
}

/** Every benchmark: one line adds one. */
const benchmarks: Record<string, Benchmark> = {
  dashboard: { run: dashboard, summary: "the dashboard in headless Chromium over 100,000 runs (needs Chromium)" },
  dispatch: { run: dispatch, summary: "no-op runs per second, submit to committed" },
  ingest: { run: ingest, summary: "metric points per second, trainer to Postgres" },
  kernels: { run: kernels, summary: "rates of the wasm kernels against this machine's peak" },
  latency: { run: latency, summary: "submit to the first metric at a server-sent-events client" },
  memory: { run: memory, summary: "resident memory of the whole idle stack" },
  peers: { run: peers, parts: peerParts, summary: "against Optuna with PyTorch, and against JAX (needs Python 3.11)" },
  sleeps: { run: sleeps, summary: "10,000 one-second sleeps on 16 slots against the ideal" },
};

const usage = `Usage: npm run bench -- NAME [--json FILE] [--quick] [--only PART]\n\n${Object.entries(benchmarks)
  .map(([name, { summary, parts }]) => `  ${name.padEnd(10)} ${summary}${parts ? `; parts: ${parts.join(", ")}` : ""}`)
  .join("\n")}\n\nEach starts its own stack on free ports and removes it. --quick measures less, --only one part.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const name = positionals[0] ?? "";
const benchmark = benchmarks[name];
if (values.help || benchmark === undefined) {
  console.error(benchmark === undefined && name !== "" ? `There is no benchmark "${name}".\n\n${usage}` : usage);
  process.exit(values.help ? 0 : 2);
}
const { only, quick } = values;
if (only !== undefined && !benchmark.parts?.includes(only)) {
  console.error(`The benchmark "${name}" has no part "${only}".\n\n${usage}`);
  process.exit(2);
}
const startedAt = new Date();
publish(name, startedAt, await benchmark.run({ quick, only }), values.json);
process.exit(0);
