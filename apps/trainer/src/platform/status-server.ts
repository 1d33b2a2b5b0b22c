import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

export interface StatusServer {
  port: number;
  close(): Promise<void>;
}

export interface StatusSource {
  registry: Registry;
  /** The process lives; details for a person. */
  health: () => object;
  /** Null when it is in service, else why not. */
  notReady: () => string | null;
  /** Why no packs are taken although it is in service; null: they are. */
  waits: () => string | null;
}

/** Serves /health, /ready (503 with the reason while not) and /metrics. Rejects when the port is taken. */
export async function startStatusServer(host: string, port: number, source: StatusSource): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0];
    const json = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
    };
    if (path === "/health") json(200, { status: "ok", ...source.health() });
    else if (path === "/ready") {
      const reason = source.notReady();
      if (reason === null) json(200, { status: "ready", waits: source.waits() });
      else json(503, { status: "not ready", reason });
    } else if (path === "/metrics") {
      source.registry.metrics().then(
        (text) => response.writeHead(200, { "content-type": source.registry.contentType }).end(text),
        (error: unknown) => json(500, { error: String(error) }),
      );
    } else json(404, { error: `there is no ${path}; try /health, /ready or /metrics` });
  });
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is taken; set BASIN_TRAINER_PORT to another, or to 0 for any`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}
