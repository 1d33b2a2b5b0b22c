import "reflect-metadata";
import { call } from "@basin/client";
import { ApiError, type CallInput, type RouteName } from "@basin/contracts";
import { freshDatabase, freshNats } from "@basin/testing";
import { onTestFinished } from "vitest";
import { startApplication } from "../application";
import { migrateAt } from "../http/http-harness.testing";
import { readEnv } from "../platform/env";
import { createLog } from "../platform/log";

/** An experiment whose training code is a spec. */
export const descriptor = {
  title: "A parabola",
  parameters: {
    type: "object" as const,
    properties: {
      x: { type: "number" as const, default: 1, minimum: -5, maximum: 5, unit: "m" },
      power: { type: "integer" as const, default: 2, minimum: 1 },
    },
  },
  metrics: [{ name: "loss" }, { name: "steps", series: false }],
  objective: { metric: "loss", direction: "minimize" as const },
  success: { text: "the loss is below a half", all: [{ metric: "loss", op: "<=" as const, value: 0.5 }] },
  labels: ["shape"],
};

/** A whole API process in this one, and calls of it. */
export async function anApi(settings: Record<string, string> = {}) {
  const [database, nats] = await Promise.all([freshDatabase({ migrate: migrateAt }), freshNats()]);
  const start = () =>
    startApplication(
      readEnv({ DATABASE_URL: database.url, NATS_URL: nats.url, BASIN_API_PORT: "0", BASIN_LOG_LEVEL: "silent", ...settings }),
      createLog("silent"),
    );
  const running = await start();
  onTestFinished(() => running.stop());
  const ask = <N extends RouteName>(name: N, input: CallInput<N>) => call(running.url, name, input);
  const refusal = async <N extends RouteName>(name: N, input: CallInput<N>) => {
    const error: unknown = await ask(name, input).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ApiError)) throw new Error(`${name} was not refused: ${String(error)}`);
    return error;
  };
  return { ask, refusal, database, start };
}

/** The worker of a call. */
export const params = (worker: string) => ({ params: { worker: worker as never } });
/** How a worker registers. */
export const aWorker = (experiment: string) => ({
  protocol: 1 as const,
  experiment,
  provenance: { gitCommit: "abcdef1234", host: "lab" },
});
