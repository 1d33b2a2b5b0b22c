import { streams } from "@basin/contracts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";

/** What each stream holds. A stream that is not there is left out. */
export async function streamSizes(connection: NatsConnection): Promise<{ stream: string; bytes: number; messages: number }[]> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const sizes = await Promise.all(
    Object.values(streams).map(({ name }) =>
      manager.streams.info(name).then(
        ({ state }) => [{ stream: name, bytes: state.bytes, messages: state.messages }],
        () => [],
      ),
    ),
  );
  return sizes.flat();
}
