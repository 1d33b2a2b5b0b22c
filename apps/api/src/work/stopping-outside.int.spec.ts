import { expect, test } from "vitest";
import { eventually } from "@basin/testing";
import type { AnswerOf } from "@basin/contracts";
import { anApi, aWorker, descriptor, params } from "../spec-support/outside-worker.testing";

type Grant = AnswerOf<"claimRuns">["runs"][number];

test(
  "a worker that reports a bad value at a rung is told to stop in the answer to that report; what was measured stays, and nothing more is taken",
  { timeout: 60_000 },
  async () => {
    const { ask, refusal, database } = await anApi();
    await ask("putExperiment", { params: { experiment: "parabola" }, body: descriptor });
    const stopping = { rule: "threshold" as const, metric: "loss", threshold: 1, rungs: [2, 5] };
    const sweep = await ask("createSweep", {
      body: { experiment: "parabola", space: { x: [0, 1, 2, 3] }, seeds: { count: 1 }, stopping },
    });
    await ask("registerWorker", { ...params("w"), body: { ...aWorker("parabola"), slots: 4 } });
    const grants: Grant[] = [];
    while (grants.length < 4) {
      const holding = grants.map(({ run, attempt }) => ({ run, attempt }));
      grants.push(...(await ask("claimRuns", { ...params("w"), body: { runs: 4, waitSeconds: 10, holding } })).runs);
    }
    const report = (grant: Grant, chunk: number, points: readonly (readonly [number, number])[]) =>
      ask("reportWork", {
        ...params("w"),
        body: {
          chunks: [
            {
              ...{ run: grant.run, attempt: grant.attempt, metric: "loss", chunk },
              ...{ steps: points.map(([step]) => step), values: points.map(([, value]) => value) },
            },
          ],
        },
      });
    const grantOf = (x: number): Grant => {
      const found = grants.find(({ parameters }) => parameters["x"] === x);
      if (!found) throw new Error(`no run of x = ${x}`);
      return found;
    };

    // Before a rung nothing is judged, however bad it is.
    const bad = grantOf(2);
    expect((await report(bad, 0, [[1, 9]])).stop).toEqual([]);
    const good = grantOf(0);
    expect((await report(good, 0, [[3, 0.5]])).stop).toEqual([]);
    const told = await report(bad, 1, [[2, 4]]);
    expect(told).toMatchObject({
      drain: false,
      stop: [
        {
          run: bad.run,
          attempt: 1,
          action: "superseded",
          reason: `attempt 1 of ${bad.run} has ended: it is cancelled, 4 at step 2 is worse than the bound of 1`,
        },
      ],
    });
    expect(await ask("getRun", { params: { run: bad.run } })).toMatchObject({
      state: "pruned",
      reason: "4 at step 2 is worse than the bound of 1",
    });
    const late = await report(bad, 2, [[3, 0.1]]);
    expect(late.stop).toMatchObject([{ run: bad.run, action: "superseded" }]);
    const result = {
      run: bad.run,
      attempt: 1,
      outcome: "succeeded" as const,
      metrics: { loss: 0.1 },
      steps: 4,
      trainSeconds: 0.1,
    };
    const { statuses } = await ask("reportWork", { ...params("w"), body: { results: [result] } });
    expect(statuses).toMatchObject([{ status: "superseded", reason: expect.stringContaining("worse than the bound") as string }]);
    const { series } = await ask("getRunMetrics", { params: { run: bad.run }, query: { raw: true } });
    expect(series.find(({ metric }) => metric === "loss")).toMatchObject({ steps: [1, 2], values: [9, 4] });

    // The second rung as well, and a value that is no number.
    const turned = grantOf(1);
    expect((await report(turned, 0, [[2, 0.5]])).stop).toEqual([]);
    expect((await report(turned, 1, [[5, 2]])).stop).toMatchObject([{ run: turned.run, action: "superseded" }]);
    const nothing = grantOf(3);
    const noNumber = { run: nothing.run, attempt: 1, metric: "loss", chunk: 0, steps: [2], values: ["NaN" as const] };
    const stopped = await ask("reportWork", { ...params("w"), body: { chunks: [noNumber] } });
    expect(stopped.stop).toMatchObject([{ run: nothing.run, action: "superseded" }]);

    // What ends in the report that reaches a rung has trained to its end.
    const whole = { run: good.run, attempt: 1, metric: "loss", chunk: 1, steps: [6], values: [7] };
    const end = { ...result, run: good.run, metrics: { loss: 7 }, steps: 7, chunks: { loss: 2 } };
    const committed = await ask("reportWork", { ...params("w"), body: { chunks: [whole], results: [end] } });
    expect(committed).toMatchObject({ statuses: [{ status: "committed" }], stop: [] });
    await eventually(async () => (await ask("getSweep", { params: { sweep: sweep.id } })).state === "completed");
    expect(await database.query("SELECT succeeded, pruned, failed, cancelled FROM sweep")).toEqual([
      { succeeded: 1, pruned: 3, failed: 0, cancelled: 0 },
    ]);
    expect((await refusal("reportWork", { ...params("nobody"), body: {} })).status).toBe(404);
  },
);

test(
  "a median rule stops what is worse than the finished ones were, with the answer to the report",
  { timeout: 60_000 },
  async () => {
    const { ask } = await anApi();
    await ask("putExperiment", { params: { experiment: "parabola" }, body: descriptor });
    const stopping = { rule: "percentile" as const, metric: "loss", startup: 2, rungs: [2] };
    await ask("createSweep", { body: { experiment: "parabola", space: { x: [0, 1, 2] }, seeds: { count: 1 }, stopping } });
    await ask("registerWorker", { ...params("w"), body: aWorker("parabola") });
    const train = async (loss: number): Promise<AnswerOf<"reportWork">["stop"]> => {
      const [grant] = (await ask("claimRuns", { ...params("w"), body: { waitSeconds: 10, holding: [] } })).runs;
      if (!grant) throw new Error("nothing was granted");
      const { run, attempt } = grant;
      const chunk = { run, attempt, metric: "loss", chunk: 0, steps: [2], values: [loss] };
      const { stop } = await ask("reportWork", { ...params("w"), body: { chunks: [chunk] } });
      if (stop.length > 0) return stop;
      const result = {
        run,
        attempt,
        outcome: "succeeded" as const,
        metrics: { loss },
        steps: 3,
        trainSeconds: 0.1,
        chunks: { loss: 1 },
      };
      const { statuses } = await ask("reportWork", { ...params("w"), body: { results: [result] } });
      expect(statuses).toMatchObject([{ status: "committed" }]);
      return stop;
    };
    expect(await train(1)).toEqual([]);
    expect(await train(2)).toEqual([]);
    expect(await train(9)).toMatchObject([{ action: "superseded" }]);
  },
);

test(
  "a worker that only reports keeps its runs for longer than a lease, and hears that it is to drain",
  { timeout: 60_000 },
  async () => {
    const { ask } = await anApi({ BASIN_LEASE_SECONDS: "1", BASIN_HEARTBEAT_SECONDS: "0.4" });
    await ask("putExperiment", { params: { experiment: "parabola" }, body: descriptor });
    await ask("createSweep", { body: { experiment: "parabola", seeds: { count: 1 } } });
    await ask("registerWorker", { ...params("w"), body: aWorker("parabola") });
    const [grant] = (await ask("claimRuns", { ...params("w"), body: { waitSeconds: 10, holding: [] } })).runs;
    if (!grant) throw new Error("nothing was granted");
    const { run, attempt } = grant;
    const begun = performance.now();
    let drained = false;
    for (let step = 0; performance.now() - begun < 3500; step++) {
      const chunk = { run, attempt, metric: "loss", chunk: step, steps: [step], values: [1] };
      const told = await ask("reportWork", { ...params("w"), body: { chunks: [chunk] } });
      expect(told.stop).toEqual([]);
      drained = told.drain;
      if (step === 10) await ask("drainTrainer", { params: { trainer: "w" } });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(drained).toBe(true);
    expect(await ask("getRun", { params: { run } })).toMatchObject({ state: "running", attempt: 1 });
  },
);
