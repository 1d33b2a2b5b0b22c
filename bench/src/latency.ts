import { call } from "@basin/client";
import { ChangeV2, routeUrl } from "@basin/contracts";
import { atMost, figure, percentile, type Measurement } from "./report";
import { runSweep, startWarmStack, waitForEnd } from "./warm-stack";

/** Milliseconds from sending a one-run sweep (logic-gates) to its first metric event at a server-sent-events client, warm stack. */
export async function latency({ quick }: { quick: boolean }): Promise<Measurement> {
  const rounds = quick ? 10 : 60;
  const stack = await startWarmStack();
  try {
    const body = { experiment: "logic-gates", space: { epochs: { type: "fixed" as const, value: 300 } }, seeds: { count: 1 } };
    for (let i = 0; i < 3; i++) await runSweep(stack.api, body);
    const samples: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const started = performance.now();
      const { id } = await call(stack.api, "createSweep", { body });
      await firstMetric(routeUrl(stack.api, "sweepEvents", { params: { sweep: id } }));
      samples.push(performance.now() - started);
      await waitForEnd(stack.api, id, 20);
    }
    const p50 = percentile(samples, 0.5);
    const p95 = percentile(samples, 0.95);
    const spread = figure(samples, "ms");
    return {
      figures: { p50Milliseconds: { ...spread, value: p50 }, p95Milliseconds: { ...spread, value: p95 } },
      checks: [atMost("p95Milliseconds", p95, 300)],
      rows: [{ samples: samples.map((value) => Math.round(value)) }],
      backend: "wasm",
    };
  } finally {
    await stack.stop();
  }
}

/** Reads an event stream until the first event with a metric point. */
async function firstMetric(url: string): Promise<void> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`no metric within 30 s at ${url}`)), 30_000);
  try {
    const response = await fetch(url, { signal: stop.signal, headers: { accept: "text/event-stream" } });
    if (!response.body) throw new Error(`${url} answered ${response.status} without a body`);
    let text = "";
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: ?(.*)$/m.exec(event)?.[1];
        const change = data === undefined ? undefined : ChangeV2.safeParse(JSON.parse(data));
        if (change?.success && change.data.type === "metrics" && change.data.points.length > 0) return;
      }
    }
    throw new Error(`${url} ended without a metric`);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
