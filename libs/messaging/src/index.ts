/**
 * Typed messages over NATS: the connection, the JetStream streams and their consumers, requests and broadcasts. It parses
 * everything it receives with the schemas of `contracts` and turns what does not parse into dead letters. It refuses any
 * knowledge of what messages mean, and never treats a message as proof of anything: that is Postgres' part.
 */
export type { NatsConnection } from "@nats-io/transport-node";
export {
  nudge,
  publishChange,
  publishSign,
  publishTrainerChange,
  sendCommand,
  subscribeChanges,
  subscribeTrainerChanges,
  subscribeCommands,
  subscribeNudges,
  subscribeSigns,
  type Listening,
} from "./broadcasts";
export {
  answersWithin,
  connectNats,
  linkOf,
  maxPayloadBytes,
  NatsRefusedError,
  type ConnectNatsOptions,
  type Link,
} from "./connection";
export { ControlRefusedError, ControlUnavailableError, request, type RequestOptions } from "./control.client";
export { ControlFailure, serve, type ControlHandler, type Service } from "./control.server";
export type { DeadLetterOptions, OnDeadLetter } from "./dead-letters";
export type { Delivery } from "./delivery";
export { readNatsLogin, type NatsLogin } from "./login";
export { type MessagingLog } from "./log";
export { pullPack, type PullPackOptions } from "./packs.consumer";
export {
  NotStoredError,
  publishDeadLetter,
  publishPack,
  publishTelemetry,
  publishTelemetryJson,
  queueOf,
  type PublishOptions,
} from "./publish";
export { ensureStreams, ensureWorkConsumer, workBacklog, type Backlog, type EnsureOptions } from "./streams";
export { consumeTelemetry, type ConsumeTelemetryOptions, type Consumption } from "./telemetry.consumer";
