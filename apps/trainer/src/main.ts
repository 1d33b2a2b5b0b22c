import { wasmSlotBytes, messageOf } from "@basin/contracts";
import { chooseBackend, defaultSlots } from "@basin/engine";
import { connectNats, ControlRefusedError, NatsRefusedError, type NatsLogin } from "@basin/messaging";
import { experiments, extensionNames, loadExtensions } from "@basin/problems";
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { Registry } from "prom-client";
import { identify, isAccepted } from "./control/identity";
import { readEnv, trainerHelp } from "./platform/env";
import { importExtension } from "./platform/import-extension";
import { ownBuild } from "./platform/own-build";
import { startStatusServer } from "./platform/status-server";
import { trainerIdentity } from "./platform/trainer-identity";
import { Spool } from "./spool/spool";
import { Trainer } from "./trainer";

/** Of the machine's memory, for the packs of all slots; the rest is for Node, the database and the page cache. */
const memoryShare = 0.5;
/** Whoever starts it again changes nothing by that: its credentials have to be others. */
const refusedExitCode = 77;
async function main(): Promise<void> {
  const env = readEnv(process.env);
  const extensions = extensionNames(process.env.BASIN_EXTENSIONS);
  await loadExtensions(extensions, importExtension);
  const build = ownBuild(extensions);
  const log = pino({
    level: env.logLevel,
    base: { app: "trainer", pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  const backend = await chooseBackend(env.backend, env.wideVectors);
  const slots = env.slots ?? defaultSlots(backend.backend, availableParallelism());
  const directory = resolve(env.directory);
  const ownId = await trainerIdentity(directory);
  const spool = await Spool.open(join(directory, "spool"), log);
  const registry = new Registry();
  const ending = new AbortController();
  let trainer: Trainer | null = null;
  let id = ownId;
  const status = await startStatusServer(env.host, env.port, {
    registry,
    health: () => ({ trainer: id, backend: backend.backend, build }),
    notReady: () => (trainer ? trainer.notReady() : "not connected to NATS yet"),
    waits: () => trainer?.waits() ?? null,
  });
  log.info({ trainer: id, port: status.port, directory, slots, build, ...backend }, "trainer started");

  const end = async (code: number): Promise<void> => {
    ending.abort();
    try {
      await trainer?.stop();
      await status.close();
      log.info({}, "trainer stopped");
      process.exit(code);
    } catch (error) {
      log.fatal({ err: error }, "the trainer could not stop in order");
      process.exit(1);
    }
  };
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      if (ending.signal.aborted) process.exit(1);
      void end(0);
    });
  }

  // The server threw us out, or does not take us back: for good, if it says so to a connection of its own as well.
  const endIfRefused = async (login: NatsLogin | null): Promise<void> => {
    if (ending.signal.aborted || (await isAccepted(login, options).catch(() => true))) return;
    log.fatal(
      { trainer: id },
      "NATS refuses this trainer: revoked, expired or of another server; what it has not committed stays in its spool",
    );
    void end(refusedExitCode);
  };
  const { natsUrl, natsTls: tls, pool } = env;
  const options = { natsUrl, login: env.natsLogin, tls, directory, id: ownId, pool, log, signal: ending.signal };
  const identity = await identify(options);
  if (identity.pool !== null && identity.pool !== pool)
    throw new Error(`these credentials are for pool ${identity.pool}: set BASIN_POOL=${identity.pool}, or use others`);
  id = identity.id;
  const connection = await connectNats({
    url: natsUrl,
    login: identity.login,
    tls,
    name: `basin-trainer ${id}`,
    as: id,
    log,
    onRefused: () => void endIfRefused(identity.login),
    signal: ending.signal,
  });
  trainer = new Trainer({
    connection,
    id,
    name: env.name,
    pool: env.pool,
    build,
    slots,
    slotBytes: Math.min(wasmSlotBytes, env.slotBytes ?? Math.floor((memoryShare * totalmem()) / slots)),
    backend,
    experiments: experiments.map((experiment) => experiment.id),
    spool,
    keepFreeBytes: env.keepFreeBytes,
    datasetFolder: join(directory, "datasets"),
    workerScript: new URL("./pack-worker.js", import.meta.url),
    onOtherBuild: () => {
      if (ending.signal.aborted) return;
      log.fatal(
        { build },
        "the trainer's files were replaced while it ran; it ends, and starts again as the build that they are",
      );
      void end(1);
    },
    prewarm: true,
    registry,
    log,
  });
  await trainer.start();
}

const given = process.argv.slice(2);
if (given.includes("--help") || given.includes("-h")) process.stdout.write(trainerHelp());
else if (given.length > 0) {
  process.stderr.write(`"${given.join(" ")}": a trainer takes no arguments; it is told by its environment\n\n${trainerHelp()}`);
  process.exitCode = 2;
} else {
  main().catch((error: unknown) => {
    // The start was ended by a signal: whoever sent it ends the process.
    if (error instanceof Error && error.name === "AbortError") return;
    process.stderr.write(`The trainer cannot start: ${messageOf(error)}\n`);
    process.exit(error instanceof NatsRefusedError || error instanceof ControlRefusedError ? refusedExitCode : 1);
  });
}
