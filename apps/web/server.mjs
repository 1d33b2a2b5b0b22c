// Serves the built dashboard in one small process: what `next start` does, without its command line. Environment: PORT (4000),
// HOSTNAME (127.0.0.1), BASIN_API_URL (http://127.0.0.1:4001). Prints one JSON line with its URL when it is ready.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const dir = fileURLToPath(new URL(".", import.meta.url));
const port = Number(process.env.PORT ?? 4000);
const hostname = process.env.HOSTNAME ?? "127.0.0.1";

let config;
try {
  ({ config } = JSON.parse(readFileSync(`${dir}.next/required-server-files.json`, "utf8")));
} catch {
  process.stderr.write(`The dashboard has not been built: ${dir}.next is missing. Run "npm run build" first.\n`);
  process.exit(1);
}

process.env.NODE_ENV = "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
process.env.NEXT_MANUAL_SIG_HANDLE = "true";
// Event streams never end by themselves, so waiting for open answers would wait for ever; a short while lets others finish.
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => setTimeout(() => process.exit(0), 200));
process.chdir(dir);

const require = createRequire(import.meta.url);
require("next");
const { startServer } = require("next/dist/server/lib/start-server");

try {
  await startServer({ dir, isDev: false, config, hostname, port, allowRetry: false, minimalMode: false });
  process.stdout.write(`${JSON.stringify({ level: "info", msg: "web ready", url: `http://${hostname}:${port}` })}\n`);
} catch (cause) {
  process.stderr.write(
    `The dashboard could not start on ${hostname}:${port}: ${cause instanceof Error ? cause.message : String(cause)}\n`,
  );
  process.exit(1);
}
