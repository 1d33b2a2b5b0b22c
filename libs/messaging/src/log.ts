/** The part of a pino logger that messaging writes to; any pino logger fits. */
export interface MessagingLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => undefined;
export const silentLog: MessagingLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
