import { issuesOf, PoolName, withSecretFiles } from "@basin/contracts";
import { backendWishes, roundings, scheduleWishes, type BackendWish } from "@basin/engine";
import { readNatsLogin, readNatsTls, type NatsLogin, type NatsTls } from "@basin/messaging";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

const Env = z.object({
  NATS_URL: z.string().default("nats://127.0.0.1:4222").describe("where NATS is; tls://… encrypts"),
  BASIN_TRAINER_DIR: z
    .string()
    .default(".basin/trainer")
    .describe("folder of its own: identity, results on their way, copies of datasets"),
  BASIN_TRAINER_NAME: z.string().max(120).default(hostname()).describe("shown on the Trainers page"),
  BASIN_POOL: PoolName.default("default").describe("sweeps name the pool that trains them"),
  BASIN_SLOTS: z.coerce
    .number({ error: "must be a whole number from 1 to 1024" })
    .int("must be a whole number from 1 to 1024")
    .min(1, "must be at least 1")
    .max(1024, "must be at most 1024")
    .optional()
    .describe("packs at once; left out: one per core, on a GPU one"),
  BASIN_SLOT_MIB: z.coerce
    .number({ error: "must be a whole number of MiB, at least 64" })
    .int("must be a whole number of MiB, at least 64")
    .min(64, "must be at least 64")
    .optional()
    .describe(
      "MiB that the pack of one slot may take; left out: its share of half of the memory, at most what WebAssembly can address",
    ),
  BASIN_BACKEND: z
    .enum(backendWishes, { error: `must be one of ${backendWishes.join(", ")}` })
    .default("auto")
    .describe(`what trains: ${backendWishes.join(", ")}`),
  BASIN_WIDE_VECTORS: z
    .enum(["auto", "off"], { error: "must be auto or off" })
    .default("auto")
    .describe("256-bit vectors where the processor has them: auto, off"),
  BASIN_ROUNDING: z
    .enum(roundings, { error: `must be one of ${roundings.join(", ")}` })
    .default("apart")
    .describe(`how webgpu rounds products and sums: ${roundings.join(", ")}; apart has the bits of wasm`),
  BASIN_GPU_SCHEDULE: z
    .enum(scheduleWishes, { error: `must be one of ${scheduleWishes.join(", ")}` })
    .default("measured")
    .describe(`how webgpu takes a step: ${scheduleWishes.join(", ")}; the numbers are the same`),
  BASIN_SPOOL_FREE_MIB: z.coerce
    .number({ error: "must be a number of MiB, 0 for no mark" })
    .min(0, "must be a number of MiB, 0 for no mark")
    .optional()
    .describe("no pack is taken while the disk has fewer MiB left, 0 for no mark; left out: by the size of the disk"),
  BASIN_TRAINER_HOST: z.string().default("127.0.0.1").describe("where it answers /health, /ready and /metrics"),
  BASIN_TRAINER_PORT: z.coerce
    .number({ error: "must be a port, 0 for any free one" })
    .int("must be a port, 0 for any free one")
    .min(0, "must be a port, 0 for any free one")
    .max(65_535, "must be a port, 0 for any free one")
    .default(0)
    .describe("its port, 0 for any free one"),
  BASIN_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
      error: "must be trace, debug, info, warn, error, fatal or silent",
    })
    .default("info")
    .describe("trace, debug, info, warn, error, fatal, silent"),
});

/** Variables that are read elsewhere. */
const others = [
  ["NATS_TOKEN", "what `basin trainer token` printed; NATS_TOKEN_FILE: a file that holds it"],
  ["NATS_USER", "of a server with users of its own: as whom; default: trainer"],
  ["NATS_PASSWORD", "its password, or NATS_PASSWORD_FILE: a file that holds it"],
  ["NATS_CA", "file: whom to believe, in PEM; NATS_CERT and NATS_KEY: who this machine is, to a server that asks"],
  ["BASIN_EXTENSIONS", "packages with experiments of your own, separated by commas"],
] as const;

/** What `--help` prints. */
export function trainerHelp(): string {
  const rows = Object.entries(Env.shape).map(([name, schema]) => {
    const { data: fallback } = schema.safeParse(undefined);
    const shown = fallback === undefined ? "" : ` (default: ${fallback})`;
    return [name, `${schema.description ?? ""}${shown}`] as const;
  });
  const all = [...rows, ...others];
  const width = Math.max(...all.map(([name]) => name.length));
  return [
    "Usage: npm run trainer",
    "",
    "A trainer: takes packs of runs from NATS, trains them and sends results back, until SIGTERM or Ctrl-C; then it hands back what it trains.",
    "",
    "Environment",
    ...all.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    "",
    'On another machine: README.md, "More machines".',
    "",
  ].join("\n");
}

export interface TrainerEnv {
  natsUrl: string;
  /** In the place of what `natsUrl` says. */
  natsLogin: NatsLogin | null;
  natsTls: NatsTls | null;
  directory: string;
  name: string;
  pool: PoolName;
  /** Packs at once; null leaves it to the backend. */
  slots: number | null;
  /** Memory that a pack in one slot may take; null leaves it to the machine. */
  slotBytes: number | null;
  backend: BackendWish;
  /** Whether V8 may join vectors to 256 bits. */
  wideVectors: boolean;
  /** No pack is taken while the disk under the spool has less left; null leaves it to the disk's size. */
  keepFreeBytes: number | null;
  host: string;
  port: number;
  logLevel: string;
}

/** Reads the environment; an empty variable counts as unset. Throws with one line per wrong variable. */
export function readEnv(environment: Record<string, string | undefined>): TrainerEnv {
  const variables = withSecretFiles(environment, (file) => readFileSync(file, "utf8"));
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = Env.safeParse(given);
  if (!parsed.success) {
    const lines = issuesOf(parsed.error).map(({ path, message }) => `${path}="${given[path]}": ${message}`);
    throw new Error(lines.join("\n"));
  }
  const env = parsed.data;
  return {
    natsUrl: env.NATS_URL,
    natsLogin: readNatsLogin(variables, "trainer"),
    natsTls: readNatsTls(variables),
    directory: env.BASIN_TRAINER_DIR,
    name: env.BASIN_TRAINER_NAME,
    pool: env.BASIN_POOL,
    slots: env.BASIN_SLOTS ?? null,
    slotBytes: env.BASIN_SLOT_MIB === undefined ? null : env.BASIN_SLOT_MIB * 1024 ** 2,
    backend: env.BASIN_BACKEND,
    wideVectors: env.BASIN_WIDE_VECTORS === "auto",
    keepFreeBytes: env.BASIN_SPOOL_FREE_MIB === undefined ? null : env.BASIN_SPOOL_FREE_MIB * 1024 ** 2,
    host: env.BASIN_TRAINER_HOST,
    port: env.BASIN_TRAINER_PORT,
    logLevel: env.BASIN_LOG_LEVEL,
  };
}
