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
export { answersWithin, connectNats, linkOf, maxPayloadBytes, NatsRefusedError, pause } from "./connection";
export { ControlRefusedError, request } from "./control.client";
export { ControlFailure, serve, type ControlHandler, type Service } from "./control.server";
export { bury } from "./dead-letters";
export type { Delivery } from "./delivery";
export {
  credentialsFile,
  loginOf,
  parseNatsCredentials,
  readNatsLogin,
  readNatsTls,
  type NatsCredentials,
  type NatsLogin,
  type NatsTls,
} from "./login";
export { pullPack } from "./packs.consumer";
export { publishPack, publishTelemetry, publishTelemetryJson, queueOf } from "./publish";
export { ensureStreams, ensureWorkConsumer, workBacklog } from "./streams";
export { streamSizes } from "./stream-sizes";
export { TrainerAuthority } from "./trainer-authority";
export { consumeTelemetry, type Consumption } from "./telemetry.consumer";
