import { client } from "./client";
import { dashboard, dashboardParts } from "./dashboard";
import { dispatch } from "./dispatch";
import { ingest } from "./ingest";
import { kernels } from "./kernels";
import { latency } from "./latency";
import { memory } from "./memory";
import { peerParts, peers } from "./peers";
import { recovery } from "./recovery";
import { search, searchParts } from "./search";
import { sleeps } from "./sleeps";
import type { BenchmarkOptions, Measurement } from "./report";

export interface Benchmark {
  run: (options: BenchmarkOptions) => Promise<Measurement>;
  /** What `--only` can name. */
  parts?: readonly string[];
  summary: string;
}

/** Every benchmark: one line adds one. */
export const benchmarks: Record<string, Benchmark> = {
  client: {
    run: client,
    summary: "the Python client: data frames, run.log, runs over HTTP; beside Optuna and MLflow (needs Python 3.11)",
  },
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
  search: {
    run: search,
    parts: searchParts,
    summary:
      "search algorithms against Optuna: on tables (T), on bbob (B), on learning curves (F), time and bytes (V) (needs Python 3.11)",
  },
  sleeps: { run: sleeps, summary: "10,000 one-second sleeps on 16 slots against the ideal" },
};
