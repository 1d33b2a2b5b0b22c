import { packFloat64, packInt32, subjects, TrainerId } from "@basin/contracts";
import { natsOptions } from "@basin/testing";
import { connect } from "@nats-io/transport-node";

/** Sends a control request as a program with the trainer's credentials could, and returns the parsed reply. */
export async function controlRequest(
  natsUrl: string,
  name: string,
  body: Record<string, unknown> & { trainer: string },
): Promise<unknown> {
  const connection = await connect({ ...natsOptions(natsUrl), inboxPrefix: subjects.inbox(body.trainer) });
  try {
    return (await connection.request(subjects.control(body.trainer, name), JSON.stringify(body), { timeout: 10_000 })).json();
  } finally {
    await connection.close();
  }
}

/** Publishes raw bytes where telemetry is expected. */
export async function publishTelemetry(natsUrl: string, trainer: string, payload: string | Uint8Array): Promise<void> {
  const connection = await connect(natsOptions(natsUrl));
  try {
    connection.publish(subjects.telemetry(TrainerId.parse(trainer)), payload);
    await connection.flush();
  } finally {
    await connection.close();
  }
}

/** A well-formed telemetry message with one chunk. */
export function publishChunk(
  natsUrl: string,
  trainer: string,
  chunk: { run: string; attempt: number; metric: string; chunk: number; steps: number[]; values: number[] },
): Promise<void> {
  const message = {
    v: 1,
    trainer,
    sentAt: new Date().toISOString(),
    chunks: [{ ...chunk, steps: packInt32(chunk.steps), values: packFloat64(chunk.values) }],
  };
  return publishTelemetry(natsUrl, trainer, JSON.stringify(message));
}
