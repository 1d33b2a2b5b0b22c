import { NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { AppModule } from "./app.module";
import { Door } from "./http/door";
import { createHttpAdapter } from "./http/http-adapter";
import { setUpDocumentation } from "./openapi/documentation";
import type { Env } from "./platform/env";
import { nestLog, type Log } from "./platform/log";
import { openResources } from "./platform/resources";

export interface RunningApplication {
  /** E.g. `http://127.0.0.1:4001`. */
  url: string;
  port: number;
  /** Lets running work end, then closes every connection. */
  stop(): Promise<void>;
}

/** Connects, starts every part of the api and listens. Rejects with a message for a person when that is not possible. */
export async function startApplication(env: Env, log: Log): Promise<RunningApplication> {
  const resources = await openResources(env, log);
  const door = new Door(env);
  let application: NestFastifyApplication | null = null;
  try {
    application = await NestFactory.create<NestFastifyApplication>(AppModule.of(resources, door), createHttpAdapter(door), {
      logger: nestLog(log),
      bodyParser: false,
      abortOnError: false,
    });
    setUpDocumentation(application);
    await application.listen(env.port, env.host);
  } catch (error) {
    await application?.close().catch(() => undefined);
    await resources.close();
    throw listenError(error, env);
  }
  const started = application;
  const address = started.getHttpServer().address();
  const port = typeof address === "object" && address !== null ? address.port : env.port;
  return {
    url: `http://${env.host.includes(":") ? `[${env.host}]` : env.host}:${port}`,
    port,
    async stop() {
      await started.close();
      await resources.close();
    },
  };
}

function listenError(error: unknown, env: Env): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE") {
    return new Error(`port ${env.port} on ${env.host} is taken by another program; set BASIN_API_PORT to a free one`);
  }
  if (code === "EADDRNOTAVAIL") return new Error(`${env.host} is no address of this machine; set BASIN_API_HOST to one`);
  return error;
}
