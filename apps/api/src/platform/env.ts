import { issuesOf, readAllowedHosts, withSecretFiles, type AllowedHosts } from "@basin/contracts";
import { readNatsLogin, readNatsTls, type NatsLogin, type NatsTls } from "@basin/messaging";
import { readFileSync } from "node:fs";
import { z } from "zod";

const seconds = (fallback: number) => z.coerce.number({ error: "must be a number of seconds" }).positive().default(fallback);

const EnvSchema = z
  .object({
    DATABASE_URL: z
      .string({ error: "is not set" })
      .regex(/^postgres(ql)?:\/\//, "must look like postgres://user@host:5432/basin"),
    NATS_URL: z.string({ error: "is not set" }).min(1, "must look like nats://127.0.0.1:4222"),
    BASIN_NATS_KEYS: z.string().optional(),
    BASIN_API_HOST: z.string().min(1).default("127.0.0.1"),
    BASIN_API_PORT: z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(4001),
    BASIN_HEARTBEAT_SECONDS: seconds(1),
    BASIN_LEASE_SECONDS: seconds(6),
    BASIN_CHECKPOINT_SECONDS: seconds(10),
    BASIN_TURN_SECONDS: seconds(30),
    BASIN_LEADER_LEASE_SECONDS: seconds(3).refine((value) => value >= 1, "must be at least 1"),
    BASIN_ARTIFACT_MAX_MIB: z.coerce
      .number({ error: "must be a whole number of MiB from 1 to 2047" })
      .int("must be a whole number of MiB from 1 to 2047")
      .min(1, "must be a whole number of MiB from 1 to 2047")
      .max(2047, "must be a whole number of MiB from 1 to 2047")
      .default(2047),
    BASIN_BIN_DAYS: z.coerce
      .number({ error: "must be a number of days from 0 to 3650" })
      .min(0, "must be a number of days from 0 to 3650")
      .max(3650, "must be a number of days from 0 to 3650")
      .default(14),
    BASIN_AUTH: z.enum(["off", "token"], { error: "must be off or token" }).default("off"),
    BASIN_FIRST_TOKEN_FILE: z.string().min(1).default(".basin/first-token"),
    BASIN_PUBLIC_URL: z.string().default(""),
    BASIN_ALLOWED_HOSTS: z.string().default(""),
    BASIN_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  })
  .refine((env) => env.BASIN_LEASE_SECONDS >= 2 * env.BASIN_HEARTBEAT_SECONDS, {
    message: "must be at least twice BASIN_HEARTBEAT_SECONDS, or one late heartbeat loses a trainer",
    path: ["BASIN_LEASE_SECONDS"],
  })
  .transform((env, context) => {
    try {
      return { ...env, hosts: readAllowedHosts(env) };
    } catch (error) {
      context.issues.push({ code: "custom", message: (error as Error).message, input: env });
      return z.NEVER;
    }
  });

/** The settings of one api process, read once at start. */
export interface Env {
  databaseUrl: string;
  natsUrl: string;
  /** In the place of what `natsUrl` says. */
  natsLogin: NatsLogin | null;
  natsTls: NatsTls | null;
  /** Folder of the keys by which trainers get identities; null: they have none of their own. */
  natsKeys: string | null;
  host: string;
  /** 0: any free port. */
  port: number;
  heartbeatSeconds: number;
  leaseSeconds: number;
  checkpointSeconds: number;
  /** How long a pack keeps its slot before it may be handed back for a sweep that has none. */
  turnSeconds: number;
  /** After this long without a renewal another process leads. */
  leaderLeaseSeconds: number;
  /** No artifact may be larger. */
  artifactMaxBytes: number;
  /** How long what is deleted can be restored. */
  binDays: number;
  /** token: everything but health, ready, metrics and the session needs one. off: whoever reaches the port may do everything. */
  auth: "off" | "token";
  /** With `auth: "token"`, where the first token is put at the first start, readable by this account only. */
  firstTokenFile: string;
  /** Which hosts are answered, and whose pages may change something. */
  hosts: AllowedHosts;
  logLevel: string;
}

/** Throws an Error whose message names every variable that is wrong. Empty variables count as not set. */
export function readEnv(environment: Record<string, string | undefined>): Env {
  const variables = withSecretFiles(environment, (file) => readFileSync(file, "utf8"));
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = EnvSchema.safeParse(given);
  if (!parsed.success) {
    const lines = issuesOf(parsed.error).map(({ path, message }) => `  ${[path, message].filter(Boolean).join(" ")}`);
    throw new Error(`the environment is not usable:\n${lines.join("\n")}`);
  }
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL,
    natsUrl: env.NATS_URL,
    natsLogin: readNatsLogin(variables, "api"),
    natsTls: readNatsTls(variables),
    natsKeys: env.BASIN_NATS_KEYS ?? null,
    host: env.BASIN_API_HOST,
    port: env.BASIN_API_PORT,
    heartbeatSeconds: env.BASIN_HEARTBEAT_SECONDS,
    leaseSeconds: env.BASIN_LEASE_SECONDS,
    checkpointSeconds: env.BASIN_CHECKPOINT_SECONDS,
    turnSeconds: env.BASIN_TURN_SECONDS,
    leaderLeaseSeconds: env.BASIN_LEADER_LEASE_SECONDS,
    artifactMaxBytes: env.BASIN_ARTIFACT_MAX_MIB * 1024 ** 2,
    binDays: env.BASIN_BIN_DAYS,
    auth: env.BASIN_AUTH,
    firstTokenFile: env.BASIN_FIRST_TOKEN_FILE,
    hosts: env.hosts,
    logLevel: env.BASIN_LOG_LEVEL,
  };
}
