import { ChangeV2, type SweepId } from "@basin/contracts";
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { BasinClient } from "./basin-client";
import { rest } from "./repeat";

/** Between a stream that broke and the next. */
const againMilliseconds = 1000;

/**
 * Changes of a sweep, or of all (null), until `signal` aborts; whenever the stream breaks it is opened again. Changes that happen in between are missed: a caller
 * reads the state as well. Never throws. On pages `LiveConnection` does the same with the browser's EventSource, and says how it stands.
 */
export async function* changesOf(client: BasinClient, sweep: SweepId | null, signal: AbortSignal): AsyncGenerator<ChangeV2> {
  const aborted = (): boolean => signal.aborted;
  const options = { signal, patienceSeconds: 0 };
  while (!aborted()) {
    try {
      const response = await (sweep === null
        ? client.download("events", {}, options)
        : client.download("sweepEvents", { params: { sweep } }, options));
      const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      const reader = events?.getReader();
      for (;;) {
        const told = await reader?.read();
        if (!told || told.done) break;
        const change = ChangeV2.safeParse(JSON.parse(told.value.data));
        // An API that is newer than this client may send what it does not know.
        if (change.success) yield change.data;
      }
    } catch {
      if (aborted()) return;
    }
    await rest(againMilliseconds, signal).catch(() => undefined);
  }
}
