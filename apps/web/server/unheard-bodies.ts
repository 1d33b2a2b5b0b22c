import type { IncomingMessage, ServerResponse } from "node:http";

/** A body that nobody waits for any more is read and dropped for this long, so that its sender gets to see the answer. */
const lingerSeconds = 10;

/**
 * Ends the connection of a request that was answered before its body came, if that does not come then either. Bodies go to the API,
 * which answers for those that stall.
 */
export function endUnheard(request: IncomingMessage, response: ServerResponse, seconds = lingerSeconds): void {
  response.once("finish", () => {
    if (request.complete) return;
    request.resume();
    const giveUp = setTimeout(() => request.socket.destroy(), seconds * 1000).unref();
    request.once("close", () => request.complete && clearTimeout(giveUp));
  });
}
