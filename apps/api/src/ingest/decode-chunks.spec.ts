import { packFloat64, packInt32, RunId, TrainerId, type TelemetryMessageV1 } from "@basin/contracts";
import { expect, test } from "vitest";
import { decodeChunks } from "./decode-chunks";

function message(steps: number[], values: number[]): TelemetryMessageV1 {
  const run = RunId.parse("k3v9x2mq-0-0");
  const chunk = { run, attempt: 1, metric: "loss", chunk: 4, steps: packInt32(steps), values: packFloat64(values) };
  return { v: 1, trainer: TrainerId.parse("t"), sentAt: "2026-11-21T00:00:00Z", chunks: [chunk] };
}

test("numbers come out as they went in, NaN included", () => {
  const { chunks } = decodeChunks(message([3, 4, 9], [0.1, Number.NaN, -0]));
  expect(chunks?.[0]).toMatchObject({ run: "k3v9x2mq-0-0", attempt: 1, metric: "loss", chunk: 4 });
  expect([...(chunks?.[0]?.steps ?? [])]).toEqual([3, 4, 9]);
  expect([...(chunks?.[0]?.values ?? [])]).toEqual([0.1, Number.NaN, -0]);
});

test.each([
  ["as many steps as values", message([1, 2], [1]), /2 steps with 1 values/],
  ["points", message([], []), /no points/],
  ["increasing steps", message([1, 3, 3], [1, 2, 3]), /3 is followed by 3/],
])("a message without %s is named a fault", (_, broken, fault) => {
  expect(decodeChunks(broken).fault).toMatch(fault);
  expect(decodeChunks(broken).fault).toMatch(/chunks\[0\] \(loss of k3v9x2mq-0-0, chunk 4\)/);
});
