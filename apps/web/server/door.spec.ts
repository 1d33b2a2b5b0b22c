import { readAllowedHosts } from "@basin/contracts";
import { statusOf } from "@basin/testing";
import { createServer, request, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { passDoor } from "./door";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server behind the door, which answers with `answer`; what it was asked is in `asked`. */
async function serve(answer: (response: ServerResponse) => void = (response) => response.end()) {
  const asked: { url: string; headers: IncomingHttpHeaders }[] = [];
  server = createServer((incoming, response) => {
    if (!passDoor(incoming, response, readAllowedHosts({}))) return;
    asked.push({ url: incoming.url ?? "", headers: incoming.headers });
    answer(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

const get = (port: number, target = "/", headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path: target, headers }, (answer) => {
      answer.resume().once("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    asking.once("error", reject).end();
  });

it("gives each answer a nonce of its own, which the page finds in its request, whatever the sender put there", async () => {
  const { port, asked } = await serve();
  const forged = { "x-nonce": "mine", "content-security-policy": "script-src 'nonce-mine'" };
  const policies = [await get(port, "/", forged), await get(port, "/", forged)].map(
    ({ headers }) => headers["content-security-policy"],
  );
  expect(new Set(policies).size).toBe(2);
  for (const [i, policy] of policies.entries()) {
    const nonce = asked[i]?.headers["x-nonce"];
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(policy).toContain(`script-src 'nonce-${String(nonce)}' 'strict-dynamic';`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(asked[i]?.headers["content-security-policy"]).toBe(policy);
  }
});

it("fills in the headers of a page and leaves what the answer says itself", async () => {
  const { port } = await serve((response) => {
    response.setHeader("content-security-policy", "default-src 'none'");
    response.writeHead(200, { "content-type": "text/html", "x-frame-options": "SAMEORIGIN" });
    response.end();
  });
  expect((await get(port)).headers).toMatchObject({
    "content-security-policy": "default-src 'none'",
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
  });
});

it("spares scripts and styles the policy, and nothing else", async () => {
  for (const [type, has] of [
    ["application/javascript; charset=UTF-8", false],
    ["text/css", false],
    ["text/html; charset=utf-8", true],
    ["image/svg+xml", true],
  ] as const) {
    const { port } = await serve((response) => {
      response.setHeader("content-type", type);
      response.end("x");
    });
    const { headers } = await get(port);
    expect("content-security-policy" in headers, type).toBe(has);
    expect(headers["x-content-type-options"], type).toBe("nosniff");
    server?.close();
  }
});

it("refuses foreign hosts and pages before anything is asked, in a form that nothing can run from", async () => {
  const { port, asked } = await serve();
  const { status, headers } = await get(port, "/", { host: "evil.example" });
  expect(status).toBe(403);
  expect(headers).toMatchObject({
    "content-type": "application/json; charset=utf-8",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
  });
  const post = (origin: string) => statusOf(port, { method: "POST", target: "/api/v1/session", headers: { origin } });
  expect(await post(`http://127.0.0.1:${port + 1}`)).toBe(403);
  expect(asked).toEqual([]);
  expect(await post(`http://127.0.0.1:${port}`)).toBe(200);
});

it.each(["//", "//evil.example/", "/a//b", "/a/..//b", "/a\\b", "/a%5cb", "/a%2f%2fb", "/a#b", "/a%", "/a%c0%af", "/a%00", "*a"])(
  "%s is no path",
  async (target) => {
    const { port, asked } = await serve();
    expect((await get(port, target)).status).toBe(404);
    expect(asked).toEqual([]);
  },
);

it("other methods than a dashboard's are not allowed", async () => {
  const { port, asked } = await serve();
  for (const method of ["TRACE", "QUERY", "PROPFIND"]) expect(await statusOf(port, { method, target: "/" }), method).toBe(405);
  expect(asked).toEqual([]);
});

it("of a whole URL the path is asked for, if its host is ours", async () => {
  const { port, asked } = await serve();
  expect((await get(port, `http://localhost:${port}/a?b=//c`)).status).toBe(200);
  expect(asked.map(({ url }) => url)).toEqual(["/a?b=//c"]);
  expect((await get(port, "http://evil.example/a")).status).toBe(403);
});
