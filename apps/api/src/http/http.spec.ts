import "reflect-metadata";
import { type AnswerOf, ErrorBody, readAllowedHosts, routes, type RouteName } from "@basin/contracts";
import { Controller, Module, type Type } from "@nestjs/common";
import { APP_FILTER, NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../platform/log";
import { LOG } from "../platform/injection-keys";
import { ErrorFilter } from "./error.filter";
import { Door } from "./door";
import { createHttpAdapter } from "./http-adapter";
import { bodyLimitBytes } from "./json-body";
import { NotFoundError } from "./request-errors";
import { HttpRoute, routeNameKey, type RouteInput } from "./route-binding";
import { checkRouteCoverage } from "./route-coverage";

@Controller()
class EchoController {
  @HttpRoute("getCatalog")
  getCatalog(): Promise<AnswerOf<"getCatalog">> {
    return Promise.resolve({ experiments: [], searchAlgorithms: [] });
  }

  @HttpRoute("previewSweep")
  preview({ body }: RouteInput<"previewSweep">): Promise<AnswerOf<"previewSweep">> {
    return Promise.resolve({
      trials: 1,
      runs: 5,
      race: null,
      explanation: null,
      seeds: 5,
      sample: [],
      objective: { metric: body.experiment, direction: "minimize" },
      warnings: [],
    });
  }

  @HttpRoute("getSweep")
  getSweep({ params }: RouteInput<"getSweep">): Promise<AnswerOf<"getSweep">> {
    switch (params.sweep[0]) {
      case "0":
        throw new NotFoundError("sweep", params.sweep);
      case "1":
        throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED", syscall: "connect" });
      case "2":
        throw Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" });
      case "4":
        throw Object.assign(new Error('could not extend file "base/5/16402": No space left on device'), { code: "53100" });
      case "3":
        throw Object.assign(new Error("it is cancelled"), { name: "ConflictError" });
      default:
        throw new TypeError("secret of the house");
    }
  }

  @HttpRoute("listSweeps")
  list({ query }: RouteInput<"listSweeps">): Promise<AnswerOf<"listSweeps">> {
    return Promise.resolve({ items: [], next: `${query.limit} ${query.sort} ${query.state?.join("|")}`, total: null });
  }
}

@Module({
  controllers: [EchoController],
  providers: [
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: LOG, useValue: createLog("silent") },
  ],
})
class EchoModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  const door = new Door({ auth: "off", hosts: readAllowedHosts({}) });
  app = await NestFactory.create<NestFastifyApplication>(EchoModule, createHttpAdapter(door), {
    bodyParser: false,
    logger: false,
  });
  await app.listen(0, "127.0.0.1");
});
afterAll(async () => {
  await app.close();
});

async function send(method: "GET" | "POST", url: string, payload?: string | object, headers: Record<string, string> = {}) {
  const response = await app.inject({
    method,
    url: `/api/v1${url}`,
    headers: payload === undefined ? headers : { "content-type": "application/json", ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: response.statusCode, headers: response.headers, json: response.json<Record<string, unknown>>() };
}
async function failure(...request: Parameters<typeof send>) {
  const { status, json, headers } = await send(...request);
  return { status, headers, error: ErrorBody.parse(json).error };
}

/** Sends these bytes and reads until the other side ends the connection (or has answered, for what keeps it). */
async function sendBytes(
  url: string,
  text: string,
): Promise<{ status: number; head: string; error: ErrorBody["error"]; seconds: number }> {
  const began = performance.now();
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    let read = "";
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => {
      read += piece;
      const [head = "", body] = read.split("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (length !== undefined && body?.length === Number(length) && !/connection: close/i.test(head)) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(read));
  });
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const seconds = (performance.now() - began) / 1000;
  return {
    status: Number(head.split(" ")[1]),
    head: head.toLowerCase(),
    error: ErrorBody.parse(JSON.parse(body)).error,
    seconds,
  };
}

describe("a body that does not come", () => {
  let impatient: NestFastifyApplication;
  beforeAll(async () => {
    const door = new Door({ auth: "off", hosts: readAllowedHosts({}) });
    const patience = { stallSeconds: 0.4, seconds: 1, bytesPerSecond: 1000 };
    impatient = await NestFactory.create<NestFastifyApplication>(EchoModule, createHttpAdapter(door, patience), {
      bodyParser: false,
      logger: false,
    });
    await impatient.listen(0, "127.0.0.1");
  });
  afterAll(() => impatient.close());

  const head = (path: string, more = "content-length: 1000") =>
    `POST /api/v1${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${more}\r\n\r\n`;

  it.each([
    ["half of it", head("/sweeps/preview") + '{"experiment": "loss-mi'],
    ["nothing of it", head("/sweeps/preview")],
    ["half a chunk", `${head("/sweeps/preview", "transfer-encoding: chunked")}100\r\n{`],
  ])("%s: 408, and the connection ends", async (_what, text) => {
    const answer = await sendBytes(await impatient.getUrl(), text);
    expect(answer).toMatchObject({ status: 408, error: { code: "timeout" } });
    expect(answer.error.message).toContain("no byte of the body came for 0.4 seconds");
    expect(answer.seconds).toBeLessThan(5);
  });

  it.each([
    ["nobody looks at it", head("/nowhere") + "{", 404],
    ["the door refuses it", head("/sweeps/preview").replace("host: localhost", "host: evil.example") + "{", 403],
  ])("the connection ends where %s", async (_what, text, status) => {
    const began = performance.now();
    const read = await new Promise<string>((resolve) => {
      let got = "";
      impatient.getUrl().then((url) => {
        const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
        socket.on("data", (piece: Buffer) => (got += piece.toString()));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve(got));
      }, resolve);
    });
    expect(read.split(" ")[1]).toBe(String(status));
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it("that crawls is ended too, and one that comes in pieces is not", async () => {
    const { port } = new URL(await impatient.getUrl());
    const inPieces = (pieces: readonly string[], pauseMilliseconds: number) =>
      new Promise<string>((resolve) => {
        let [got, sent] = ["", 0];
        const socket = connect(Number(port), "127.0.0.1");
        const timer = setInterval(() => {
          if (sent < pieces.length) socket.write(pieces[sent++] ?? "");
          else clearInterval(timer);
        }, pauseMilliseconds);
        socket.on("data", (piece: Buffer) => {
          got += piece.toString();
          socket.end();
        });
        socket.on("error", () => undefined);
        socket.on("close", () => {
          clearInterval(timer);
          resolve(got);
        });
      });
    const crawling = inPieces([head("/sweeps/preview"), ...'{"experiment": "loss-minimization"}'.split("")], 100);
    const body = JSON.stringify({ experiment: "loss-minimization", notes: "n".repeat(5000) });
    const parts = Array.from({ length: 10 }, (_, i) => body.slice((i * body.length) / 10, ((i + 1) * body.length) / 10));
    const coming = inPieces([head("/sweeps/preview", `content-length: ${body.length}`), ...parts], 150);
    expect(await crawling).toMatch(/^HTTP\/1.1 408[^]*slower than 1000 bytes a second/);
    expect(await coming).toMatch(/^HTTP\/1.1 200/);
  });
});

describe("binding", () => {
  it("takes method and path from the contract and hands over checked input with defaults", async () => {
    expect(await send("GET", "/sweeps?state=running,paused&limit=7")).toMatchObject({
      status: 200,
      json: { next: "7 -createdAt running|paused" },
    });
    expect(await send("POST", "/sweeps/preview", { experiment: "loss-minimization" })).toMatchObject({ status: 200 });
  });

  it("names every wrong part of path and query, unknown parameters included", async () => {
    expect((await failure("GET", "/sweeps?limit=0&sorted=name&state=running,gone")).error.issues).toEqual([
      expect.objectContaining({ path: "sorted", hint: expect.stringContaining("sort") as string }),
      expect.objectContaining({ path: "limit" }),
      expect.objectContaining({ path: "state[1]" }),
    ]);
    expect(await failure("GET", "/sweeps/NOT-AN-ID")).toMatchObject({
      status: 400,
      error: { code: "invalid", issues: [{ path: "sweep" }] },
    });
  });

  it.each(["", "%20", "1e1", "0x5", "2.5", "seven", "9".repeat(16)])("takes no whole number from the text %j", async (text) => {
    expect(await failure("GET", `/sweeps?limit=${text}`)).toMatchObject({ status: 400, error: { issues: [{ path: "limit" }] } });
  });

  it("names the field of a body as a person would", async () => {
    const space = { learningRate: { type: "choice", values: [0.1, null] }, width: { type: "int", min: 3, max: 1 } };
    const { status, error } = await failure("POST", "/sweeps/preview", { experiment: "loss-minimization", space, seedz: 3 });
    expect(status).toBe(400);
    expect(error.issues.map((issue) => issue.path).sort()).toEqual(["seedz", "space.learningRate.values[1]", "space.width.max"]);
    expect((await failure("POST", "/sweeps/preview")).error.issues[0]?.message).toBe("the request has no body");
  });
});

describe("errors", () => {
  it.each([
    ["/sweeps/00000000", 404, "not-found"],
    ["/sweeps/10000000", 503, "unavailable"],
    ["/sweeps/20000000", 503, "unavailable"],
    ["/sweeps/40000000", 503, "unavailable"],
    ["/sweeps/30000000", 409, "conflict"],
    ["/nowhere", 404, "not-found"],
    ["/sweeps/%E0%A4%A", 400, "malformed"],
  ])("GET %s answers %i %s", async (url, status, code) => {
    expect(await failure("GET", url)).toMatchObject({ status, error: { code } });
  });

  it("asks to come back when the database is away", async () => {
    expect((await failure("GET", "/sweeps/10000000")).headers["retry-after"]).toBe("2");
  });

  it("keeps what went wrong inside to itself, but gives the id under which the log has it", async () => {
    const { status, error, headers } = await failure("GET", "/sweeps/zzzzzzzz");
    expect(status).toBe(500);
    expect(error.message).toContain(String(headers["x-request-id"]));
    expect(JSON.stringify(error)).not.toMatch(/secret|\.ts/);
  });

  it("says where malformed JSON breaks", async () => {
    const { status, error } = await failure("POST", "/sweeps/preview", '{"experiment": "x",\n "space": {"lr": NaN}}');
    expect({ status, code: error.code }).toEqual({ status: 400, code: "malformed" });
    expect(error.message).toContain("line 2, column 18: NaN is not JSON");
    expect((await failure("POST", "/sweeps/preview", "[".repeat(100_000))).error.message).toContain("deeper than");
  });

  it("takes JSON only", async () => {
    expect(
      await failure("POST", "/sweeps/preview", "a=1", { "content-type": "application/x-www-form-urlencoded" }),
    ).toMatchObject({ status: 415 });
  });

  it("refuses a body above the limit and says the limit", async () => {
    const { status, error } = await failure("POST", "/sweeps/preview", " ".repeat(bodyLimitBytes + 1));
    expect({ status, code: error.code }).toEqual({ status: 413, code: "too-large" });
    expect(error.message).toContain("5 MB");
  });

  it.each([{ chunked: false }, { chunked: true }])(
    "a client that sends 50 MB gets to read the answer (chunked: $chunked)",
    async ({ chunked }) => {
      const megabyte = new Uint8Array(1024 * 1024).fill(32);
      const whole = new Uint8Array(50 * megabyte.length).fill(32);
      let sent = 0;
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent++ < 50) controller.enqueue(megabyte);
          else controller.close();
        },
      });
      const response = await fetch(`${await app.getUrl()}/api/v1/sweeps/preview`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        ...(chunked ? { body: stream, duplex: "half" as const } : { body: whole }),
      });
      expect(response.status).toBe(413);
      expect(ErrorBody.parse(await response.json()).error.code).toBe("too-large");
    },
  );

  it("survives a client that goes away in the middle of a body", async () => {
    const { port } = new URL(await app.getUrl());
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(
          "POST /api/v1/sweeps/preview HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
        );
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on("close", () => resolve());
    });
    expect((await send("GET", "/catalog")).status).toBe(200);
  });

  it.each([
    ["PUT", "/catalog", "GET, HEAD"],
    ["TRACE", "/catalog", "GET, HEAD"],
    ["OPTIONS", "/sweeps/00000000", "GET, HEAD"],
    ["DELETE", "/sweeps/preview", "GET, HEAD, POST"],
    ["PATCH", "/sweeps?limit=3", "GET, HEAD"],
  ])("%s %s is answered 405 with the methods that are", async (method, path, allow) => {
    const response = await app.inject({ method: method as "PUT", url: `/api/v1${path}`, payload: method === "PATCH" ? "x" : "" });
    expect({ status: response.statusCode, allow: response.headers["allow"] }).toEqual({ status: 405, allow });
    expect(ErrorBody.parse(response.json()).error).toMatchObject({ code: "method-not-allowed", issues: [] });
    expect(response.json<ErrorBody>().error.message).toContain(allow);
  });

  it.each([
    ["TRACE /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n", 404, "not-found"],
    ["FOO /x HTTP/1.1\r\nhost: localhost\r\n\r\n", 400, "malformed"],
    ["GET / HTTP/1.1\r\nhost localhost\r\n\r\n", 400, "malformed"],
    ["hello\r\n\r\n", 400, "malformed"],
    [`GET /api/v1/catalog?x=${"a".repeat(17_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`, 431, "too-large"],
    [`GET /api/v1/catalog HTTP/1.1\r\nhost: localhost\r\nx-long: ${"a".repeat(17_000)}\r\n\r\n`, 431, "too-large"],
  ])("what cannot be read has the body of every error: %.40j", async (text, status, code) => {
    const answer = await sendBytes(await app.getUrl(), text);
    expect(answer).toMatchObject({ status, error: { code } });
    expect(answer.head).toContain("x-content-type-options: nosniff");
  });

  it("lets no foreign page change anything", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    expect((await failure("POST", "/sweeps/preview", { experiment: "x" }, headers)).status).toBe(403);
    expect((await send("GET", "/catalog", undefined, headers)).status).toBe(200);
  });

  it("sends headers that keep browsers careful and shares nothing with other origins", async () => {
    const { headers } = await send("GET", "/catalog", undefined, { origin: "http://elsewhere.example" });
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });
});

describe("route coverage", () => {
  const controllerOf = (names: readonly RouteName[]): Type => {
    class Bound {
      readonly bound = true;
    }
    names.forEach((name, i) => {
      const handler = (): void => undefined;
      Reflect.defineMetadata(routeNameKey, name, handler);
      Object.defineProperty(Bound.prototype, `handler${i}`, { value: handler });
    });
    return Bound;
  };
  const all = Object.keys(routes) as RouteName[];

  it("accepts one handler for each route and refuses a missing or a second one by name", () => {
    expect(() => checkRouteCoverage([controllerOf(all)])).not.toThrow();
    expect(() => checkRouteCoverage([controllerOf(all.slice(1))])).toThrow(`${all[0]} has no handler`);
    expect(() => checkRouteCoverage([controllerOf(all), controllerOf(["getRun"])])).toThrow(
      /getRun has 2 handlers: Bound.+, Bound/,
    );
  });
});
