import { BuildId } from "@basin/contracts";
import { workspaceRoot } from "@basin/stack";
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildId } from "../../tools/build-id.mjs";
import { bundleApp } from "../../tools/bundle-app.mjs";
import type { TestStack } from "./test-stack";

export interface TrainerBundle {
  main: string;
  build: BuildId;
  remove(): void;
}

/** The trainer as it was built. */
export async function ownTrainer(): Promise<TrainerBundle> {
  const main = join(workspaceRoot(), "apps", "trainer", "dist", "main.js");
  return { main, build: BuildId.parse(await buildId()), remove: () => undefined };
}

/** A trainer of sources that draw other random numbers, as an older or newer version might: the bits of its runs are others. */
export async function otherTrainer(): Promise<TrainerBundle> {
  const cache = join(workspaceRoot(), "node_modules", ".cache", "basin-e2e");
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "trainer-"));
  const build = await bundleApp("trainer", {
    outdir,
    plugins: [
      {
        name: "other-random-numbers",
        setup(context) {
          context.onLoad({ filter: /libs\/numerics\/src\/philox\.ts$/ }, ({ path }) => {
            const text = readFileSync(path, "utf8");
            const contents = text.replace("0xd2511f53", "0xd2511f57");
            if (contents === text) throw new Error("the random numbers would be the same");
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  return {
    main: join(outdir, "main.js"),
    build: BuildId.parse(build),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}

/** Starts a trainer beside a stack, in a directory below the stack's; nobody starts it again when it dies. */
export function startTrainer(stack: TestStack, bundle: TrainerBundle, name: string): ChildProcess {
  const child = spawn(process.execPath, [bundle.main], {
    env: {
      ...process.env,
      ...stack.env,
      ...stack.trainerEnv,
      BASIN_TRAINER_DIR: join(stack.directory, name),
      BASIN_TRAINER_NAME: name,
      BASIN_TRAINER_PORT: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.pipe(createWriteStream(join(stack.directory, "logs", `${name}.log`), { flags: "a" }));
  return child;
}

export async function killed(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await exited;
}
