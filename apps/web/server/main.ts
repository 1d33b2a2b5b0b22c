/**
 * Serves the built dashboard in one small process, behind its door: what `next start` does, without its command line. Environment:
 * PORT (4000), HOSTNAME (127.0.0.1), BASIN_API_URL (http://127.0.0.1:4001), BASIN_PUBLIC_URL, BASIN_ALLOWED_HOSTS. Prints one JSON
 * line with its URL when it is ready.
 */
import { readAllowedHosts, messageOf } from "@basin/contracts";
import next from "next";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { passDoor } from "./door";
import { packedPartsOf, sendPacked } from "./packed-parts";
import { endUnheard } from "./unheard-bodies";

const dir = fileURLToPath(new URL("..", import.meta.url));
const port = Number(process.env.PORT ?? 4000);
const hostname = process.env.HOSTNAME ?? "127.0.0.1";

function giveUp(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function builtConfig(): unknown {
  try {
    return (JSON.parse(readFileSync(`${dir}.next/required-server-files.json`, "utf8")) as { config: unknown }).config;
  } catch {
    return giveUp(`The dashboard has not been built: ${dir}.next is missing. Run "npm run build" first.`);
  }
}

function allowedHosts(): ReturnType<typeof readAllowedHosts> {
  try {
    const { BASIN_PUBLIC_URL, BASIN_ALLOWED_HOSTS } = process.env;
    return readAllowedHosts({ BASIN_PUBLIC_URL, BASIN_ALLOWED_HOSTS });
  } catch (cause) {
    return giveUp(`The dashboard cannot start: ${(cause as Error).message}`);
  }
}

const hosts = allowedHosts();
Object.assign(process.env, {
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(builtConfig()),
});
// Event streams never end by themselves, so waiting for open answers would wait for ever; a short while lets others finish.
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => setTimeout(() => process.exit(0), 200));
process.chdir(dir);

try {
  const dashboard = next({ dir, hostname, port, dev: false, quiet: true });
  await dashboard.prepare();
  const handle = dashboard.getRequestHandler();
  const packed = packedPartsOf(`${dir}.next/static`, "/_next/static");
  const server = createServer(
    { headersTimeout: 20_000, requestTimeout: 90 * 60_000, connectionsCheckingInterval: 2000 },
    (request, response) => {
      endUnheard(request, response);
      if (!passDoor(request, response, hosts)) return;
      if (sendPacked(request, response, packed)) return;
      handle(request, response).catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  process.stdout.write(`${JSON.stringify({ level: "info", msg: "web ready", url: `http://${hostname}:${port}` })}\n`);
} catch (cause) {
  giveUp(`The dashboard could not start on ${hostname}:${port}: ${messageOf(cause)}`);
}
