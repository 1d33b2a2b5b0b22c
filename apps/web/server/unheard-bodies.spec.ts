import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { endUnheard } from "./unheard-bodies";

let server: Server | undefined;
afterEach(() => server?.closeAllConnections());

/** What a client reads that sends `text` to a server which answers at once, and after how many seconds its connection ended. */
async function exchange(text: string, wait: number): Promise<{ read: string; seconds: number }> {
  server = createServer((request, response) => {
    endUnheard(request, response, 0.2);
    response.end("answered");
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const began = performance.now();
  const read = await new Promise<string>((resolve) => {
    let got = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (piece: Buffer) => (got += piece.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(got));
    setTimeout(() => socket.destroy(), wait * 1000).unref();
  });
  return { read, seconds: (performance.now() - began) / 1000 };
}

it("ends the connection of a body that stays away after the answer", async () => {
  const { read, seconds } = await exchange("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf", 4);
  expect(read).toContain("answered");
  expect(seconds).toBeLessThan(3);
});

it("keeps the connection of one that came", async () => {
  const { read, seconds } = await exchange("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\nfull", 1);
  expect(read).toContain("answered");
  expect(seconds).toBeGreaterThan(0.9);
});
