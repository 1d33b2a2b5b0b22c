import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { answerAndEnd } from "./bare-answer";

export interface BodyPatience {
  /** Without a byte for as long, a body has stalled. */
  stallSeconds: number;
  /** A body must have come within this much time and a second for each `bytesPerSecond` of it that have. */
  seconds: number;
  bytesPerSecond: number;
}

/** A slow line gets a body of 5 MB through in five and a half minutes; an upload of 64 MB takes 70 minutes at most. */
const patience: BodyPatience = { stallSeconds: 15, seconds: 20, bytesPerSecond: 16 * 1024 };

/**
 * Ends requests whose body does not come, whoever asks and whatever for: with 408 where nothing is answered yet, and without a word
 * where the answer did not need the body. What waits for us, read but not taken by its handler, is not held against the sender.
 */
export function endSlowBodies(server: Server, { stallSeconds, seconds, bytesPerSecond }: BodyPatience = patience): void {
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (request.headers["transfer-encoding"] === undefined && Number(request.headers["content-length"] ?? 0) === 0) return;
    const began = performance.now();
    const before = socket.bytesRead;
    let [read, readAt] = [before, began];
    const timer = setInterval(
      () => {
        if (request.complete || socket.destroyed) {
          clearInterval(timer);
          return;
        }
        const now = performance.now();
        if (socket.bytesRead > read || request.readableLength > 0) [read, readAt] = [socket.bytesRead, now];
        const stalled = now - readAt > stallSeconds * 1000;
        const crawls = now - began > (seconds + (socket.bytesRead - before) / bytesPerSecond) * 1000;
        if (!stalled && !(crawls && request.readableLength === 0)) return;
        clearInterval(timer);
        if (response.headersSent) {
          request.destroy();
          return;
        }
        const why = stalled
          ? `no byte of the body came for ${stallSeconds} seconds`
          : `the body came slower than ${bytesPerSecond} bytes a second`;
        answerAndEnd(response, 408, `${why}; send the request again`);
      },
      Math.min(1000, stallSeconds * 250),
    ).unref();
  });
}
