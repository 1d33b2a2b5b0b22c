import { connect, createServer, type Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port with what it is for and the setting that moves it, so that a message can name all three. */
export interface PortUse {
  port: number;
  host?: string;
  /** e.g. "the dashboard" */
  role: string;
  /** e.g. "BASIN_WEB_PORT" */
  variable: string;
}

export class PortTaken extends Error {
  constructor(readonly use: PortUse) {
    super(
      `port ${use.port}, wanted for ${use.role}, is taken by another program. ` +
        `Stop that program, or choose another port: ${use.variable}=${use.port + 1}`,
    );
    this.name = "PortTaken";
  }
}

function listen(port: number, host: string): Promise<NetServer> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

/** Throws PortTaken when something listens there. Port 0 is always free. */
export async function assertPortFree(use: PortUse): Promise<void> {
  if (use.port === 0) return;
  try {
    const server = await listen(use.port, use.host ?? "127.0.0.1");
    await new Promise((resolve) => server.close(resolve));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw new PortTaken(use);
    throw error;
  }
}

/** `count` different ports of 127.0.0.1 that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, "127.0.0.1")));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the system gave no port");
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Resolves to the first bytes that a server sends, or null when it sends none within the time or does not listen. */
export function greeting(port: number, host: string, timeoutMilliseconds: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const done = (text: string | null): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(timeoutMilliseconds, () => done(null));
    socket.once("error", () => done(null));
    socket.once("close", () => done(null));
    socket.once("data", (data) => done(data.toString("latin1")));
  });
}

/** Waits until something accepts connections. Throws after the time is over. */
export async function waitForPort(port: number, options: { host?: string; timeoutSeconds: number }): Promise<void> {
  const host = options.host ?? "127.0.0.1";
  const deadline = performance.now() + options.timeoutSeconds * 1000;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host });
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (open) return;
    if (performance.now() > deadline) throw new Error(`nothing listens on ${host}:${port} after ${options.timeoutSeconds} s`);
    await sleep(50);
  }
}
