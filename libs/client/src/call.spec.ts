import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, SweepId } from "@basin/contracts";
import { call } from "./basin-client";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const body = { experiment: "loss-minimization" };
const error = (status: number): Response =>
  Response.json({ error: { code: status === 503 ? "unavailable" : "conflict", message: "no", issues: [] } }, { status });

/** A server that gives these answers in turn (null: none); the keys it was sent are in `keys`. */
function server(answers: readonly (Response | null)[]): { fetch: typeof fetch; keys: (string | null)[] } {
  const keys: (string | null)[] = [];
  const left = [...answers];
  return {
    keys,
    fetch: (_url, init) => {
      keys.push(new Headers(init?.headers).get("idempotency-key"));
      const answer = left.shift();
      return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("fetch failed"));
    },
  };
}

async function outcome(work: Promise<unknown>): Promise<unknown> {
  const settled = work.catch((failure: unknown) => failure);
  await vi.runAllTimersAsync();
  return settled;
}

it("sends what is done once again where no answer comes, with the key of the first time", async () => {
  const { fetch, keys } = server([null, error(503), error(409)]);
  expect(await outcome(call("http://x", "createSweep", { body }, { fetch }))).toMatchObject({ status: 409 });
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});

it("gives up after the fourth time, and takes another key the next time it is called", async () => {
  const { fetch, keys } = server([]);
  const failed = await outcome(call("http://x", "createSweep", { body }, { fetch }));
  expect(failed).toBeInstanceOf(ApiError);
  expect(failed).toMatchObject({ status: 0, code: "unreachable" });
  await outcome(call("http://x", "createSweep", { body }, { fetch }));
  expect(keys).toHaveLength(8);
  expect(new Set(keys).size).toBe(2);
});

it("sends everything else once, without a key", async () => {
  const { fetch, keys } = server([]);
  const params = { sweep: SweepId.parse("k3v9x2mq") };
  await outcome(call("http://x", "pauseSweep", { params }, { fetch }));
  await outcome(call("http://x", "getSweep", { params }, { fetch }));
  expect(keys).toEqual([null, null]);
});
