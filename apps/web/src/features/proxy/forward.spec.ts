import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { forward } from "./forward";

let server: Server | undefined;

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  process.env.BASIN_API_URL = `http://127.0.0.1:${port}`;
  return process.env.BASIN_API_URL;
}

afterEach(() => {
  delete process.env.BASIN_API_URL;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const ask = (path: string, init: RequestInit = {}) => forward(new Request(`http://web.invalid${path}`, init));

it("passes method, path, query, headers and body on, and the answer back", async () => {
  await serve((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      response.writeHead(418, { "content-type": "application/json", "x-own": "kept" });
      response.end(JSON.stringify({ method: request.method, url: request.url, type: request.headers["content-type"], text }));
    });
  });
  const response = await ask("/api/v1/sweeps?limit=3", {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  expect(response.status).toBe(418);
  expect(response.headers.get("x-own")).toBe("kept");
  expect(await response.json()).toEqual({ method: "POST", url: "/api/v1/sweeps?limit=3", type: "application/json", text: "{}" });
});

// RFC 9112, 6.3: a request is as long as its Content-Length says, so what follows on the same connection would be read as its rest.
it.each(["GET", "HEAD", "OPTIONS", "DELETE", "POST"])(
  "leaves no %s waiting for a body that it does not pass on",
  async (method) => {
    const seen: string[] = [];
    await serve((request, response) => {
      request.resume();
      seen.push(`${request.method ?? ""} ${request.url ?? ""} ${request.headers["content-length"] ?? "none"}`);
      response.end("{}");
    });
    const length = { "content-length": "300" };
    expect((await ask("/first", { method, headers: length })).status).toBe(200);
    const text = await (await ask("/second", { method: "POST", body: "{}" })).text();
    expect(text).toBe("{}");
    expect(seen[0]).toMatch(new RegExp(`^${method} /first (none|0)$`));
    expect(seen[1]).toMatch(/^POST \/second /);
  },
);

it("passes each event when it is sent, forbids transforming them, and ends the request when the reader leaves", async () => {
  let left: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (left = resolve));
  let more: () => void = () => undefined;
  await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("event: sweep\ndata: 1\n\n");
    more = () => response.write("event: sweep\ndata: 2\n\n");
    response.on("close", left);
  });
  const response = await ask("/api/v1/events");
  expect(response.headers.get("cache-control")).toContain("no-transform");
  const reader = response.body?.getReader();
  if (!reader) throw new Error("no body");
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toContain("data: 1");
  more();
  expect(await read()).toContain("data: 2");
  await reader.cancel();
  await gone;
});

it("breaks off when the API breaks off in the middle of a body", async () => {
  await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    setTimeout(() => response.destroy(), 20);
  });
  const response = await ask("/api/v1/artifacts/x/content");
  await expect(response.text()).rejects.toThrow();
});

it("says so in an error body when nothing answers, or the address is no URL", async () => {
  const url = await serve(() => undefined);
  await new Promise<void>((resolve) => server?.close(() => resolve()));
  const away = await ask("/api/v1/sweeps");
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({ error: { code: "unavailable", message: expect.stringContaining(url) as string } });
  process.env.BASIN_API_URL = "nonsense";
  const wrong = await ask("/api/v1/sweeps");
  expect(await wrong.json()).toMatchObject({ error: { message: expect.stringContaining("BASIN_API_URL") as string } });
});

it("passes tokens on: the header of a script, and the cookie of a browser both ways", async () => {
  await serve((request, response) => {
    response.writeHead(200, { "content-type": "application/json", "set-cookie": ["basin_token=x; Path=/; HttpOnly", "b=1"] });
    response.end(JSON.stringify({ authorization: request.headers.authorization, cookie: request.headers.cookie }));
  });
  const response = await ask("/api/v1/session", { headers: { authorization: "Bearer basin_a", cookie: "basin_token=basin_b" } });
  expect(await response.json()).toEqual({ authorization: "Bearer basin_a", cookie: "basin_token=basin_b" });
  expect(response.headers.getSetCookie()).toEqual(["basin_token=x; Path=/; HttpOnly", "b=1"]);
});

it("keeps to itself what its own door has judged, so that the API takes a page's request for the program's that it is", async () => {
  await serve((request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(request.headers));
  });
  const response = await ask("/api/v1/sweeps", {
    headers: {
      "x-nonce": "n",
      "content-security-policy": "p",
      "sec-fetch-site": "same-origin",
      referer: "http://x/",
      "x-own": "kept",
    },
  });
  const headers = (await response.json()) as Record<string, string>;
  expect(headers["x-own"]).toBe("kept");
  for (const name of ["x-nonce", "content-security-policy", "sec-fetch-site", "origin", "referer"])
    expect(headers).not.toHaveProperty(name);
});

it("says to the API of a person's cookie that a page of the dashboard sent it, where its door found that", async () => {
  await serve((request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ site: request.headers["sec-fetch-site"] ?? null, origin: request.headers.origin ?? null }));
  });
  const cookie = "basin_token=basin_b";
  const siteOf = async (headers: Record<string, string>): Promise<unknown> =>
    (await ask("/api/v1/sweeps/x/pause", { method: "POST", headers })).json();
  expect(await siteOf({ cookie, "sec-fetch-site": "same-origin" })).toEqual({ site: "same-origin", origin: null });
  expect(await siteOf({ cookie, origin: "http://x" })).toEqual({ site: "same-origin", origin: null });
  expect(await siteOf({ cookie })).toEqual({ site: null, origin: null });
  expect(await siteOf({ cookie, "sec-fetch-site": "none" })).toEqual({ site: null, origin: null });
});

it("asks the API and nobody else, whatever the path", async () => {
  await serve((request, response) => response.end(request.url));
  expect(await (await ask("//evil.example/api")).text()).toBe("//evil.example/api");
});
