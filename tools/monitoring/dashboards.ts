import { api, lines, p95, rate, stat, trainer, type Dashboard } from "./panels";

/** A series of a trainer's process with who it is; `pool`: of the chosen one only. */
const known = (expr: string, pool = false): string =>
  `${expr} * on (instance) group_left (trainer, pool, backend) ${trainer("info")}${pool ? '{pool="$pool"}' : ""}`;

const mean = (histogram: string): string => `sum(${rate(`${histogram}_sum`, "5m")}) / sum(${rate(`${histogram}_count`, "5m")})`;

const platform: Dashboard = {
  uid: "basin",
  title: "Basin: platform",
  panels: [
    stat("Active sweeps", "none", `max(${api("activeSweeps")})`),
    stat("Leaders", "none", `sum(${api("leader")})`),
    stat("Runs committed per second", "ops", `sum(${rate(api("committed"))})`),
    stat("Metric points per second", "ops", `sum(${rate(api("points"))})`),
    stat("Attempts lost (1 h)", "none", `sum(increase(${api("lost")}[1h]))`),
    stat("Dead letters (1 h)", "none", `sum(increase(${api("deadLetters")}[1h]))`),
    lines("Runs by state", "none", { "{{state}}": `max by (state) (${api("runs")})` }),
    lines("Run rate", "ops", {
      granted: `sum(${rate(api("granted"))})`,
      "committed {{outcome}}": `sum by (outcome) (${rate(api("committed"))})`,
      lost: `sum(${rate(api("lost"))})`,
    }),
    lines("Waiting and training, by pool", "none", {
      "{{pool}} {{state}}": `max by (pool, state) (${api("backlog")})`,
    }),
    lines("Slots by state of their trainer", "none", {
      "{{state}}": `sum by (state) (max by (trainer, state) (${api("trainers")}))`,
    }),
    lines("Slots in use by trainer", "percentunit", {
      "{{trainer}}": known(`(${trainer("slotsBusy")} / ${trainer("slots")})`),
    }),
    lines("Steps trained per second", "ops", { "{{trainer}}": known(rate(trainer("steps"))) }),
    lines("Scheduler", "ops", {
      "passes per second": `sum(${rate(`${api("passSeconds")}_count`)})`,
      "packs published per second": `sum(${rate(api("packs"))})`,
    }),
    lines("Scheduler and ingest, 95th percentile", "s", {
      "a pass of the scheduler": p95(api("passSeconds")),
      "a batch of telemetry": p95(api("ingestSeconds")),
    }),
    lines("Ingest", "ops", {
      chunks: `sum(${rate(api("chunks"))})`,
      "refused (stale) chunks": `sum(${rate(api("refusedChunks"))})`,
    }),
    lines("Waiting", "none", {
      "outbox messages": `max(${api("outbox")})`,
      "results not yet committed": `sum(${trainer("uncommitted")})`,
      "event-stream clients": `sum(${api("eventClients")})`,
    }),
    lines("Control requests, 95th percentile", "s", { "{{request}}": p95(api("controlSeconds"), "request") }),
    lines("HTTP, 95th percentile", "s", { "{{route}}": p95(api("httpSeconds"), "route") }),
    lines("Database", "bytes", {
      all: `max(${api("databaseBytes")})`,
      "{{table}}": `topk(8, max by (table) (${api("tableBytes")}))`,
    }),
    lines("NATS streams", "bytes", { "{{stream}}": `max by (stream) (${api("natsBytes")})` }),
    lines("Messages in NATS streams", "none", { "{{stream}}": `max by (stream) (${api("natsMessages")})` }),
    lines("Resident memory", "bytes", { "{{job}} {{instance}}": 'process_resident_memory_bytes{job=~"basin-.*"}' }),
  ],
};

const pool: Dashboard = {
  uid: "basin-pool",
  title: "Basin: a pool",
  variable: { name: "pool", series: trainer("info") },
  panels: [
    stat("Slots online", "none", `sum(max by (trainer) (${api("trainers")}{pool="$pool", state="online"}))`, 6),
    stat("Slots in use", "none", `sum(${known(trainer("slotsBusy"), true)})`, 6),
    stat("Runs that wait", "none", `sum(max by (state) (${api("backlog")}{pool="$pool", state=~"pending|queued"}))`, 6),
    stat("Steps per second", "ops", `sum(${known(rate(trainer("steps")), true)})`, 6),
    lines("Waiting and training", "none", { "{{state}}": `max by (state) (${api("backlog")}{pool="$pool"})` }),
    lines("Trainers by state", "none", {
      "{{state}}": `count by (state) (max by (trainer, state) (${api("trainers")}{pool="$pool"}))`,
    }),
    lines("Slots in use by trainer", "percentunit", {
      "{{trainer}} ({{backend}})": known(`(${trainer("slotsBusy")} / ${trainer("slots")})`, true),
    }),
    lines("Runs that left trainers, per second", "ops", {
      "{{trainer}} {{outcome}}": `${rate(trainer("runs"))} * on (instance) group_left (trainer) ${trainer("info")}{pool="$pool"}`,
    }),
    lines("Pack width (mean)", "none", { "runs per pack": mean(trainer("packWidth")) }),
    lines("Commit at the trainer, 95th percentile", "s", { "{{instance}}": p95(trainer("commitSeconds"), "instance") }),
    lines("Spool on trainers", "bytes", { "{{trainer}}": known(trainer("spoolBytes"), true) }),
    lines("Left on the spool's disk", "bytes", { "{{trainer}}": known(trainer("spoolFreeBytes"), true) }),
    lines("Checkpoints per second", "ops", {
      "{{trainer}} {{outcome}}": `${rate(trainer("checkpoints"))} * on (instance) group_left (trainer) ${trainer("info")}{pool="$pool"}`,
    }),
    lines("Metric points reported per second", "ops", { "{{trainer}}": known(rate(trainer("points")), true) }),
    lines(
      "GPU memory in use",
      "percentunit",
      {
        "{{instance}} {{gpu}}": `${trainer("gpuMemoryBytes")} / ${trainer("gpuMemoryTotalBytes")}`,
      },
      { needs: "gpu" },
    ),
    lines("GPU use", "percentunit", { "{{instance}} {{gpu}}": trainer("gpuUseRatio") }, { needs: "gpu" }),
  ],
};

const ended = 'state=~"succeeded|diverged|failed|cancelled|pruned"';

const science: Dashboard = {
  uid: "basin-science",
  title: "Basin: running sweeps",
  panels: [
    lines("Progress", "percentunit", {
      "{{sweep}} {{name}}": `sum by (sweep, name) (max by (sweep, name, state) (${api("sweepRuns")}{${ended}})) / max by (sweep, name) (${api("sweepPlanned")})`,
    }),
    lines("Success rate", "percentunit", { "{{sweep}} {{name}}": `max by (sweep, name) (${api("sweepMet")})` }),
    lines("Best objective", "none", { "{{sweep}} {{name}}": `max by (sweep, name) (${api("sweepBest")})` }),
    lines("Runs that train", "none", { "{{sweep}} {{name}}": `max by (sweep, name) (${api("sweepRuns")}{state="running"})` }),
    lines("Runs that ended otherwise than by training to the end", "none", {
      "{{sweep}} {{name}} {{state}}": `max by (sweep, name, state) (${api("sweepRuns")}{state=~"diverged|failed|cancelled|pruned"})`,
    }),
    lines("Runs that ended, per minute", "none", {
      "{{sweep}} {{name}}": `60 * sum by (sweep, name) (deriv(${api("sweepRuns")}{${ended}}[5m]))`,
    }),
  ],
};

export const dashboards = { platform, pool, science };
