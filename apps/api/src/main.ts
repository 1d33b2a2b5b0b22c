import "reflect-metadata";
import { messageOf } from "@basin/contracts";
import { extensionNames, loadExtensions } from "@basin/problems";
import { startApplication } from "./application";
import { readEnv, type Env } from "./platform/env";
import { importExtension } from "./platform/import-extension";
import { createLog } from "./platform/log";

/** Whatever has not ended by itself by then is dropped: everything in flight is repeated by whoever asked for it. */
const shutdownMilliseconds = 1800;

async function main(): Promise<void> {
  let env: Env;
  try {
    env = readEnv(process.env);
  } catch (error) {
    process.stderr.write(`basin api: ${messageOf(error)}\n`);
    process.exit(2);
  }
  const log = createLog(env.logLevel);
  try {
    await loadExtensions(extensionNames(process.env["BASIN_EXTENSIONS"]), importExtension);
    const application = await startApplication(env, log);
    log.info({ port: application.port, url: application.url }, "listening");
    let stopping = false;
    const stop = (signal: string): void => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, "stopping");
      setTimeout(() => process.exit(0), shutdownMilliseconds).unref();
      application.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, "could not stop in order");
          process.exit(1);
        },
      );
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  } catch (error) {
    const reason = messageOf(error);
    log.fatal({ reason, err: log.isLevelEnabled("debug") ? error : undefined }, `the api could not start: ${reason}`);
    process.exit(1);
  }
}

void main();
