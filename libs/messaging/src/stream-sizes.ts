import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";

/** What each of Basin's streams holds. */
export async function streamSizes(connection: NatsConnection): Promise<{ stream: string; bytes: number; messages: number }[]> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const found = [];
  for await (const { config, state } of manager.streams.list("basin.>")) {
    found.push({ stream: config.name, bytes: state.bytes, messages: state.messages });
  }
  return found;
}
