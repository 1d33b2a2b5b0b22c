import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { apiOnce } from "./api";

const keys: (string | null)[] = [];
let answer: () => Promise<Response>;
beforeEach(() => {
  keys.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (_url: string, init: RequestInit) => {
    keys.push(new Headers(init.headers).get("idempotency-key"));
    return answer();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const refused = (status: number) => () =>
  Promise.resolve(Response.json({ error: { code: "conflict", message: "no", issues: [] } }, { status }));

async function press(experiment: string): Promise<void> {
  const pressed = apiOnce("createSweep", { body: { experiment } }).catch(() => undefined);
  await vi.runAllTimersAsync();
  await pressed;
}

it("is the same request when it is pressed again after no answer came, and another one after an answer", async () => {
  answer = () => Promise.reject(new TypeError("fetch failed"));
  await press("a");
  await press("a");
  expect(new Set(keys).size).toBe(1);
  await press("b");
  expect(new Set(keys).size).toBe(2);
  answer = refused(409);
  await press("a");
  expect(new Set(keys).size).toBe(2);
  await press("a");
  expect(new Set(keys).size).toBe(3);
});

it("is the same request when it is pressed twice at a time", async () => {
  answer = refused(409);
  await Promise.all([press("a"), press("a")]);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});
