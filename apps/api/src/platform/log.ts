import type { LoggerService } from "@nestjs/common";
import { pino, type Logger } from "pino";

export type Log = Logger;

export function createLog(level: string): Log {
  return pino({ level, base: { service: "api" }, timestamp: pino.stdTimeFunctions.isoTime });
}

/** Nest's own messages as JSON lines; its start-up chatter only at `debug`. */
export function nestLog(log: Log): LoggerService {
  const write =
    (level: "trace" | "debug" | "warn" | "error" | "fatal") =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.at(-1);
      log[level]({ nest: typeof context === "string" ? context : undefined }, String(message));
    };
  return {
    verbose: write("trace"),
    debug: write("debug"),
    log: write("debug"),
    warn: write("warn"),
    error: write("error"),
    fatal: write("fatal"),
  };
}
