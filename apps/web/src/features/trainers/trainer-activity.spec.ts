import { RunId, SweepId } from "@basin/contracts";
import { expect, it } from "vitest";
import { activityOf, reasonParts } from "./trainer-activity";

const now = Date.parse("2026-01-01T12:00:00.000Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const sweep = SweepId.parse("k3v9x2mq");
const attempt = (run: number, trainer: string, startedAt: string, finishedAt: string | null, state = "succeeded" as const) => ({
  run: RunId.parse(`${sweep}-0-${run}`),
  attempt: 1,
  trainer,
  trainerName: null,
  state: finishedAt === null ? ("running" as const) : state,
  reason: null,
  packWidth: 2,
  startedAt,
  finishedAt,
});

it("counts what finished in the window", () => {
  const attempts = [
    attempt(0, "a", ago(10), null),
    attempt(1, "a", ago(10), null),
    attempt(2, "a", ago(5), null),
    attempt(3, "b", ago(10), null),
    attempt(4, "a", ago(200), ago(100)),
    attempt(5, "a", ago(900), ago(600)),
  ];
  const activity = activityOf([{ attempts, coverage: { shown: 6, of: 6 } }], now, 300);
  expect(activity.get("a")).toMatchObject({ finished: 1, more: false });
  expect(activity.get("b")).toEqual({ finished: 0, more: false });
  const cut = activityOf([{ attempts: attempts.slice(0, 5), coverage: { shown: 5, of: 9 } }], now, 300);
  expect(cut.get("a")?.more).toBe(true);
});

it("takes a backend's reason apart, with the commands that would change it", () => {
  const parts = reasonParts(
    'our SIMD kernels; tensorflow: not installed ("npm install --no-save x@1" adds it, "npm install --no-save y@2" for a CPU); webgpu: no driver',
  );
  expect(parts.map(({ commands }) => commands)).toEqual([[], ["npm install --no-save x@1", "npm install --no-save y@2"], []]);
  expect(reasonParts("")).toEqual([]);
});
