import { authorization } from "../api-calls";
import { setTimeout } from "node:timers/promises";
import { ChangeV1, routeUrl, type SweepId } from "@basin/contracts";

/** Data lines of a server-sent event stream, one string per event. Ends when the server closes it. */
async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let buffer = "";
  for await (const bytes of body) {
    buffer += decoder.decode(bytes, { stream: true });
    for (let end = buffer.search(/\r?\n\r?\n/); end >= 0; end = buffer.search(/\r?\n\r?\n/)) {
      const event = buffer.slice(0, end);
      buffer = buffer.slice(end).replace(/^\r?\n\r?\n/, "");
      const data = event
        .split(/\r?\n/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart());
      if (data.length > 0) yield data.join("\n");
    }
  }
}

/**
 * Calls `on` for every change of a sweep until `signal` aborts, connecting again (after a second) whenever the stream breaks.
 * Changes that happen in between are missed: a caller reads the state through the API as well. Never throws.
 */
export async function followSweep(
  origin: string,
  sweep: SweepId,
  on: (change: ChangeV1) => void,
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
        for await (const data of eventData(response.body)) {
          const change = ChangeV1.safeParse(JSON.parse(data));
          // An API that is newer than this client may send what it does not know.
          if (change.success) on(change.data);
        }
      }
    } catch {
      if (aborted()) return;
    }
    await setTimeout(1000, undefined, { signal }).catch(() => undefined);
  }
}
