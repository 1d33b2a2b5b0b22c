import { RunId, SweepId, type ChangeV2 } from "@basin/contracts";
import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { BasinClient } from "./basin-client";
import { changesOf } from "./changes";

const sweep = SweepId.parse("ab12cd34");
const change = (objective: number): ChangeV2 => ({
  v: 2,
  type: "runs",
  sweep,
  runs: [{ run: RunId.parse(`${sweep}-0-0`), state: "succeeded", attempt: 1, objective, trainer: null }],
});

let server: Server | null = null;
afterEach(() => void server?.close());

/** The first two changes that are heard of a stream that arrives in these pieces, in UTF-8. */
async function heard(pieces: readonly Uint8Array[]): Promise<ChangeV2[]> {
  const stop = new AbortController();
  const changes: ChangeV2[] = [];
  server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    void (async () => {
      for (const piece of pieces) {
        response.write(piece);
        await sleep(5);
      }
      response.end();
    })();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server?.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const basin = new BasinClient({ url: `http://127.0.0.1:${address.port}` });
  for await (const change of changesOf(basin, sweep, stop.signal)) if (changes.push(change) === 2) stop.abort();
  return changes;
}

test("changes are heard whatever the pieces and line ends; comments, other fields and what is unknown are passed over", async () => {
  const [first, last] = [JSON.stringify(change(0.5)), JSON.stringify(change(2))];
  const text =
    `: hello\n\nretry: 1000\nid: 7\ndata: ${first}\n\n` +
    `event: message\r\ndata:${JSON.stringify({ v: 9, type: "later" })}\r\n\r\n` +
    `data: ${last}\r\n\r\n`;
  const bytes = new TextEncoder().encode(text);
  const byByte = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  expect(await heard([bytes])).toEqual([change(0.5), change(2)]);
  expect(await heard([bytes.subarray(0, 60), bytes.subarray(60, 61), bytes.subarray(61)])).toEqual([change(0.5), change(2)]);
  expect(await heard(byByte)).toEqual([change(0.5), change(2)]);
});
