import { ChangeV2, routeUrl, type SweepId } from "@basin/contracts";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { setTimeout as sleep } from "node:timers/promises";
import { authorization } from "../api-calls";

/**
 * Calls `on` for every change of a sweep until `signal` aborts, connecting again (after a second) whenever the stream breaks.
 * Changes that happen in between are missed: a caller reads the state through the API as well. Never throws.
 */
export async function followSweep(
  origin: string,
  sweep: SweepId,
  on: (change: ChangeV2) => void,
  signal: AbortSignal,
): Promise<void> {
  const aborted = (): boolean => signal.aborted;
  while (!aborted()) {
    try {
      const response = await fetch(routeUrl(origin, "sweepEvents", { params: { sweep } }), {
        headers: { accept: "text/event-stream", ...authorization() },
        signal,
      });
      if (response.ok && response.body) {
        for await (const { data } of response.body
          .pipeThrough(new TextDecoderStream())
          .pipeThrough(new EventSourceParserStream())) {
          const change = ChangeV2.safeParse(JSON.parse(data));
          // An API that is newer than this client may send what it does not know.
          if (change.success) on(change.data);
        }
      }
    } catch {
      if (aborted()) return;
    }
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
}
