import { RunId, TelemetryMessageV1, TrainerId, unpackFloat64, unpackInt32 } from "@basin/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MetricBuffer } from "./metric-buffer";

const trainer = TrainerId.parse("t-1");
const attempts = [0, 1, 2].map((i) => ({ run: RunId.parse(`k3v9x2mq-${i}-0`), attempt: i + 1 }));

function collector(): { messages: TelemetryMessageV1[]; sizes: number[]; points: number[]; buffer: MetricBuffer } {
  const messages: TelemetryMessageV1[] = [];
  const sizes: number[] = [];
  const points: number[] = [];
  const buffer = new MetricBuffer(trainer, attempts, (json, count) => {
    sizes.push(json.byteLength);
    points.push(count);
    messages.push(TelemetryMessageV1.parse(JSON.parse(new TextDecoder().decode(json))));
  });
  return { messages, sizes, points, buffer };
}

/** Puts the chunks of a series together as the control plane would. */
function seriesIn(
  messages: readonly TelemetryMessageV1[],
  run: number,
  metric: string,
): { steps: number[]; values: number[]; chunks: number } {
  const chunks = messages
    .flatMap((message) => message.chunks)
    .filter((chunk) => chunk.run === attempts[run]?.run && chunk.metric === metric);
  expect(chunks.map(({ chunk }) => chunk)).toEqual(chunks.map((_, i) => i));
  return {
    steps: chunks.flatMap(({ steps }) => [...unpackInt32(steps)]),
    values: chunks.flatMap(({ values }) => [...unpackFloat64(values)]),
    chunks: chunks.length,
  };
}

describe("the metric buffer", () => {
  it("stamps the newest step of runs that have something to send, once", () => {
    const { messages, buffer } = collector();
    const flushed = (seconds: number): boolean => {
      buffer.stamp("seconds", (run) => seconds + run);
      return buffer.flush();
    };
    buffer.add(0, "loss", 1, 0.5);
    buffer.add(0, "loss", 2, 0.4);
    buffer.add(1, "loss", 1, 0.3);
    buffer.add(1, "error", 4, 0.3);
    expect(flushed(10)).toBe(true);
    expect(flushed(20)).toBe(false);
    buffer.add(0, "error", 2, 0.1);
    expect(flushed(30)).toBe(true);
    buffer.add(0, "loss", 3, 0.2);
    expect(flushed(40)).toBe(true);
    expect(seriesIn(messages, 0, "seconds")).toEqual({ steps: [2, 3], values: [10, 40], chunks: 2 });
    expect(seriesIn(messages, 1, "seconds")).toEqual({ steps: [4], values: [11], chunks: 1 });
    expect(seriesIn(messages, 2, "seconds").steps).toEqual([]);
    expect(buffer.history(0).map(({ metric }) => metric)).toEqual(["loss", "seconds", "error"]);
  });

  it("gives every point once, in order, in chunks without gaps, whenever it is flushed", () => {
    const point = fc.record({
      run: fc.nat(2),
      metric: fc.constantFrom("loss", "val/loss"),
      value: fc.double(),
      flush: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (reported) => {
        const { messages, buffer, points } = collector();
        const expected = new Map<string, number[]>();
        reported.forEach(({ run, metric, value, flush }, step) => {
          buffer.add(run, metric, step, value);
          expected.set(`${run} ${metric}`, [...(expected.get(`${run} ${metric}`) ?? []), value]);
          if (flush) buffer.flush();
        });
        buffer.flush();
        for (const [key, values] of expected) {
          const [run = "", metric = ""] = key.split(" ");
          const series = seriesIn(messages, Number(run), metric);
          expect(series.values).toEqual(values);
          expect(buffer.chunks(Number(run))[metric]).toBe(series.chunks);
          expect(buffer.history(Number(run)).find((one) => one.metric === metric)?.values).toEqual(Float64Array.from(values));
        }
        expect(points.reduce((sum, count) => sum + count, 0)).toBe(reported.length);
      }),
    );
  });

  it("keeps messages below 512 KiB and says when a series is full", () => {
    const { sizes, messages, buffer } = collector();
    for (let step = 0; step < 100_000; step++) buffer.add(step % 3, "loss", step, step / 3);
    expect(buffer.full).toBe(true);
    expect(buffer.flush()).toBe(true);
    expect(buffer.full).toBe(false);
    expect(buffer.flush()).toBe(false);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(512 * 1024);
    expect(seriesIn(messages, 1, "loss").values).toHaveLength(33_333);
  });

  it("sends a restored history again from chunk 0", () => {
    const { messages, buffer } = collector();
    const steps = Int32Array.from([1, 2, 5]);
    buffer.restore(0, [{ metric: "loss", steps, values: Float64Array.from([3, 2, Number.NaN]) }]);
    buffer.add(0, "loss", 6, 1);
    buffer.flush();
    expect(seriesIn(messages, 0, "loss")).toEqual({ steps: [1, 2, 5, 6], values: [3, 2, Number.NaN, 1], chunks: 1 });
    expect(buffer.lastStep(0)).toBe(6);
    expect(buffer.lastStep(1)).toBeNull();
  });

  it("sends nothing of a run that was dropped", () => {
    const { messages, buffer } = collector();
    buffer.add(0, "loss", 1, 1);
    buffer.add(1, "loss", 1, 1);
    buffer.drop(0);
    buffer.flush();
    expect(messages.flatMap(({ chunks }) => chunks.map(({ run }) => run))).toEqual([attempts[1]?.run]);
    expect(buffer.chunks(0)).toEqual({});
  });

  it("refuses a series that does not go forward and a name that is none", () => {
    const { buffer } = collector();
    buffer.add(0, "loss", 3, 1);
    expect(() => buffer.add(0, "loss", 3, 1)).toThrow('metric "loss" of run k3v9x2mq-0-0 was reported for step 3 after step 3');
    expect(() => buffer.add(0, 'a"b', 1, 1)).toThrow("no lawful name");
  });
});
