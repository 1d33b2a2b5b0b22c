import { ApiError, SweepId } from "@basin/contracts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerOf } from "./answer";
import { BasinClient } from "./basin-client";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const params = { sweep: SweepId.parse("k3v9x2mq") };
const refusal = (status: number): Response =>
  Response.json({ error: { code: "unavailable", message: "no", issues: [{ path: "a", message: "is wrong" }] } }, { status });

/** A Basin that answers these in turn (null: nothing), with what it was asked. */
function basin(answers: readonly (Response | null)[], options: { token?: string; repeatReads?: boolean } = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  const left = [...answers];
  const client = new BasinClient({
    url: "http://x",
    ...options,
    fetch: (url, init = {}) => {
      asked.push({ url: url instanceof Request ? url.url : url.toString(), init });
      const answer = left.shift();
      return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("fetch failed"));
    },
  });
  return { client, asked };
}

async function outcome(work: Promise<unknown>): Promise<unknown> {
  const settled = work.catch((failure: unknown) => failure);
  await vi.runAllTimersAsync();
  return settled;
}

describe("reads", () => {
  it("are sent again where no answer comes, with the token each time, and not where one says no", async () => {
    const { client, asked } = basin([null, refusal(503), refusal(404), refusal(503)], { token: "secret" });
    expect(await outcome(client.call("getSweep", { params }))).toMatchObject({
      status: 404,
      issues: [{ path: "a", message: "is wrong" }],
    });
    expect(asked.map(({ url }) => url)).toEqual(Array(3).fill("http://x/api/v1/sweeps/k3v9x2mq"));
    for (const { init } of asked) expect(new Headers(init.headers).get("authorization")).toBe("Bearer secret");
  });

  it("are sent once where that is wanted, and commands always", async () => {
    const once = basin([], { repeatReads: false });
    expect(await outcome(once.client.call("getSweep", { params }))).toMatchObject({ status: 0, code: "unreachable" });
    const command = basin([]);
    await outcome(command.client.call("pauseSweep", { params }));
    expect([once.asked.length, command.asked.length]).toEqual([1, 1]);
  });

  it("end at once when they are called off between two tries", async () => {
    const { client, asked } = basin([]);
    const off = new AbortController();
    const settled = client.call("getSweep", { params }, { signal: off.signal }).catch((failure: unknown) => failure);
    await vi.advanceTimersByTimeAsync(100);
    off.abort(new Error("called off"));
    expect(await settled).toMatchObject({ message: "called off" });
    expect(asked).toHaveLength(1);
  });
});

it("repeats what its caller says may be repeated for as long as that, and no longer", async () => {
  const { client, asked } = basin([]);
  const begun = performance.now();
  const input = { params: { worker: "w" }, body: { holding: [] } };
  const failed = await outcome(client.call("workerHeartbeat", input, { patienceSeconds: 60 }));
  expect(failed).toBeInstanceOf(ApiError);
  expect(performance.now() - begun).toBeGreaterThan(45_000);
  expect(performance.now() - begun).toBeLessThan(60_001);
  expect(asked.length).toBeGreaterThan(10);
});

describe("files", () => {
  it("go out as they are, with the media type of their route", async () => {
    const { client, asked } = basin([Response.json({ status: "complete", bytes: 3, sha256: "00" })]);
    const input = { params: { worker: "w", run: "k3v9x2mq-0-0", attempt: 1 }, query: { name: "a b.txt" } };
    const answer = client.upload("uploadArtifact", input, new Uint8Array(3));
    expect(await answer).toMatchObject({ status: "complete" });
    expect(asked[0]?.url).toBe("http://x/api/v1/workers/w/runs/k3v9x2mq-0-0/attempts/1/artifact?name=a+b.txt");
    expect(new Headers(asked[0]?.init.headers).get("content-type")).toBe("application/octet-stream");
  });

  it("come in ranges; one that breaks off is asked for again", async () => {
    const broken = new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) }));
    const { client, asked } = basin([broken, new Response("log")]);
    const artifact = "3fa94c1b-20de-4a6e-9c1f-2b7d8e5a6c01";
    const reading = client.content("getArtifactContent", { params: { artifact } }, { range: "bytes=0-2" });
    expect(await outcome(reading)).toEqual(new TextEncoder().encode("log"));
    expect(asked.map(({ init }) => new Headers(init.headers).get("range"))).toEqual(["bytes=0-2", "bytes=0-2"]);
  });

  it("say why they do not come", async () => {
    const { client } = basin([refusal(404)]);
    const artifact = "3fa94c1b-20de-4a6e-9c1f-2b7d8e5a6c01";
    expect(await outcome(client.download("getArtifactContent", { params: { artifact } }))).toMatchObject({
      status: 404,
      message: "no",
    });
  });
});

it("reads an answer that somebody else fetched", () => {
  expect(() => answerOf("getSweep", 502, "<html>")).toThrow("GET /sweeps/:sweep answered 502 with text that is not JSON");
  expect(() => answerOf("getSweep", 400, "{}")).toThrow("GET /sweeps/:sweep answered 400");
});
