import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packedPartsOf, sendPacked } from "./packed-parts";

const script = "export const answer = 42;\n".repeat(100);
const folder = mkdtempSync(join(tmpdir(), "basin-parts-"));
let server: Server;

beforeAll(async () => {
  mkdirSync(join(folder, "chunks"));
  writeFileSync(join(folder, "chunks", "a.js"), script);
  writeFileSync(join(folder, "chunks", "a.js.br"), brotliCompressSync(script));
  writeFileSync(join(folder, "chunks", "b.js"), script);
  const parts = packedPartsOf(folder, "/_next/static");
  server = createServer((asked, answer) => {
    if (!sendPacked(asked, answer, parts)) answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asking = (method === "GET" ? get : request)({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer
        .on("data", (piece: Buffer) => pieces.push(piece))
        .once("end", () => resolve({ answer, body: Buffer.concat(pieces) }));
    });
    asking.once("error", reject).end();
  });
}

describe("a part of the dashboard", () => {
  it("comes compressed to who reads brotli, to be kept for good", async () => {
    const { answer, body } = await ask("/_next/static/chunks/a.js?v=1", { "accept-encoding": "gzip, deflate, br, zstd" });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "application/javascript; charset=UTF-8",
      "content-encoding": "br",
      "content-length": String(body.length),
      "cache-control": "public, max-age=31536000, immutable",
      vary: "Accept-Encoding",
    });
    expect(brotliDecompressSync(body).toString()).toBe(script);
    const head = await ask("/_next/static/chunks/a.js", { "accept-encoding": "br;q=0.5" }, "HEAD");
    expect([head.answer.headers["content-length"], head.body.length]).toEqual([String(body.length), 0]);
  });

  it.each<[string, string, Record<string, string>, string?]>([
    ["who reads gzip only", "chunks/a.js", { "accept-encoding": "gzip, abr, brx" }],
    ["who refuses brotli", "chunks/a.js", { "accept-encoding": "gzip, br; q=0" }],
    ["who says nothing", "chunks/a.js", {}],
    ["who asks for a piece", "chunks/a.js", { "accept-encoding": "br", range: "bytes=0-9" }],
    ["who would change it", "chunks/a.js", { "accept-encoding": "br" }, "POST"],
    ["another part", "chunks/b.js", { "accept-encoding": "br" }],
    ["a path out of the folder", "chunks/../chunks/a.js", { "accept-encoding": "br" }],
    ["the compressed file itself", "chunks/a.js.br", { "accept-encoding": "br" }],
  ])("is left to Next for %s", async (_, path, headers, method) => {
    expect((await ask(`/_next/static/${path}`, headers, method)).answer.statusCode).toBe(404);
  });
});
