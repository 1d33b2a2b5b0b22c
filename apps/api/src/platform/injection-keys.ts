/** Injection keys of what is no class of ours: `@Inject(ENV) env: Env`, `@Inject(LOG) log: Log`, `@Inject(NATS) nats: NatsConnection`. */
export const ENV = Symbol("ENV");
export const LOG = Symbol("LOG");
export const NATS = Symbol("NATS");
/** Where the program of the API's work threads lies: `() => Promise<URL>`. */
export const WORK_THREAD = Symbol("WORK_THREAD");
