import { orphanGuard, type ProcessPlan } from "@basin/stack";
import { existsSync } from "node:fs";
import { get } from "node:http";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { CommandFailed, exitCodes } from "../exit";

export interface PartsContext {
  root: string;
  directory: string;
  databaseUrl: string;
  /** As the control plane. */
  natsUrl: string;
  /** Folder of the keys of the embedded server; null: it is not ours, and `natsUrl` and the environment serve everybody. */
  natsKeys: string | null;
  apiPort: number;
  firstTokenFile: string;
}

/** True once `url` answers with 2xx (or any page that is no server error). With node:http: `fetch` would cost 10 MB here. */
function answers(url: string, anyPage = false): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: 3000 }, (response) => {
      const status = response.statusCode ?? 500;
      response.resume();
      resolve(anyPage ? status < 500 : status >= 200 && status < 300);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}

/** Throws before anything starts when a part has not been built. */
export function assertBuilt(root: string, parts: { trainers: number; web: boolean }): void {
  const files = [
    "apps/api/dist/main.js",
    ...(parts.trainers > 0 ? ["apps/trainer/dist/main.js"] : []),
    ...(parts.web ? ["apps/web/.next/BUILD_ID", "apps/web/dist/main.js"] : []),
  ];
  const missing = files.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) {
    throw new CommandFailed(exitCodes.unavailable, `${missing.join(" and ")} is missing: build first with \`npm run build\``);
  }
}

function nodePart(
  context: PartsContext,
  name: string,
  rest: Omit<ProcessPlan, "name" | "command" | "channel" | "logFile" | "pidFile">,
): ProcessPlan {
  return {
    ...rest,
    name,
    command: process.execPath,
    args: [...orphanGuard, ...rest.args],
    channel: true,
    env: { NODE_ENV: "production", NODE_OPTIONS: process.env.NODE_OPTIONS, ...rest.env },
    logFile: join(context.directory, "logs", `${name}.log`),
    pidFile: join(context.directory, "run", `${name}.json`),
  };
}

/** What a shell may hold for another NATS. */
const noLogin = Object.fromEntries(
  ["USER", "PASSWORD", "PASSWORD_FILE", "TOKEN", "TOKEN_FILE", "URL_FILE"].map((name) => [`NATS_${name}`, undefined]),
);

export function apiPlan(context: PartsContext, name: string, port: number): ProcessPlan {
  return nodePart(context, name, {
    args: [join(context.root, "apps", "api", "dist", "main.js")],
    cwd: context.root,
    env: {
      DATABASE_URL: context.databaseUrl,
      NATS_URL: context.natsUrl,
      ...(context.natsKeys === null ? {} : { ...noLogin, BASIN_NATS_KEYS: context.natsKeys }),
      BASIN_API_HOST: "127.0.0.1",
      BASIN_API_PORT: String(port),
      BASIN_FIRST_TOKEN_FILE: context.firstTokenFile,
    },
    ready: () => answers(`http://127.0.0.1:${port}/ready`),
    readyTimeoutSeconds: 60,
    stopTimeoutSeconds: 4,
  });
}

/** `of` trainers share this machine's cores unless BASIN_SLOTS says otherwise. */
export function trainerPlan(context: PartsContext, name: string, port: number, of: number): ProcessPlan {
  return nodePart(context, name, {
    args: [join(context.root, "apps", "trainer", "dist", "main.js")],
    cwd: context.root,
    env: {
      DATABASE_URL: undefined,
      NATS_URL: context.natsKeys === null ? context.natsUrl : context.natsUrl.replace(/\?.*/, ""),
      ...(context.natsKeys === null ? {} : { ...noLogin, NATS_TOKEN_FILE: join(context.natsKeys, "trainers.token") }),
      BASIN_TRAINER_DIR: join(context.directory, name),
      BASIN_TRAINER_NAME: name,
      BASIN_TRAINER_PORT: String(port),
      BASIN_SLOTS: process.env.BASIN_SLOTS ?? String(Math.max(1, Math.floor(availableParallelism() / of))),
    },
    ready: () => answers(`http://127.0.0.1:${port}/ready`),
    readyTimeoutSeconds: 60,
    stopTimeoutSeconds: 8,
  });
}

export function webPlan(context: PartsContext, port: number): ProcessPlan {
  return nodePart(context, "web", {
    // A dashboard server holds little: a small heap that is collected often keeps it near 100 MB instead of 150.
    args: ["--max-old-space-size=96", "--max-semi-space-size=1", join(context.root, "apps", "web", "dist", "main.js")],
    cwd: join(context.root, "apps", "web"),
    env: {
      DATABASE_URL: undefined,
      NATS_URL: undefined,
      ...noLogin,
      BASIN_API_URL: `http://127.0.0.1:${context.apiPort}`,
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
    },
    ready: () => answers(`http://127.0.0.1:${port}/`, true),
    readyTimeoutSeconds: 60,
    stopTimeoutSeconds: 3,
  });
}
