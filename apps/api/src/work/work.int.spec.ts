import { eventually } from "@basin/testing";
import { expect, onTestFinished, test } from "vitest";
import { anApi, aWorker, descriptor, params } from "../spec-support/outside-worker.testing";

test(
  "runs of an experiment from outside are claimed, measured and committed over HTTP, each once",
  { timeout: 60_000 },
  async () => {
    const { ask, refusal, database, start } = await anApi();
    const added = await ask("putExperiment", { params: { experiment: "parabola" }, body: descriptor });
    expect(added).toMatchObject({ id: "parabola", version: 1, defaults: { x: 1, power: 2 }, maxPackWidth: 1 });
    const again = await ask("putExperiment", { params: { experiment: "parabola" }, body: { ...descriptor } });
    expect(again.ref).toBe(added.ref);
    expect((await ask("getCatalog", {})).experiments.find(({ id }) => id === "parabola")).toEqual(added);

    const spec = { experiment: "parabola", space: { x: [0, 2] }, seeds: { count: 2 } };
    expect(await ask("previewSweep", { body: spec })).toMatchObject({ trials: 2, runs: 4 });
    const wrong = await refusal("previewSweep", { body: { ...spec, space: { y: 3 } } });
    expect(wrong.issues[0]).toMatchObject({ path: "space.y", message: expect.stringContaining("no parameter") as string });
    const sweep = await ask("createSweep", { body: spec });
    expect(sweep.spec.experiment).toBe(added.ref);

    const registered = await ask("registerWorker", { ...params("w1"), body: aWorker("parabola") });
    expect(registered.experiment).toBe(added.ref);
    const claim = async (worker: string, runs: number) =>
      ask("claimRuns", { ...params(worker), body: { runs, waitSeconds: 10, sweep: sweep.id, holding: [] } });
    const [first] = (await claim("w1", 1)).runs;
    if (!first) throw new Error("nothing was granted");
    expect(first).toMatchObject({ run: `${sweep.id}-0-0`, attempt: 1, seed: 0, parameters: { x: 0, power: 2 }, sweep: sweep.id });
    // The answer was lost: the same run once more, and no other.
    expect((await claim("w1", 3)).runs).toEqual([first]);

    const { run, attempt } = first;
    const chunk = { run, attempt, metric: "loss", chunk: 0, steps: [0, 1], values: [4, "NaN" as const] };
    const result = {
      ...{ run, attempt, outcome: "succeeded" as const, metrics: { loss: 0.25, steps: 2 }, labels: { shape: "round" } },
      ...{ steps: 2, trainSeconds: 0.1, chunks: { loss: 1 } },
    };
    const incomplete = await ask("reportWork", { ...params("w1"), body: { results: [result] } });
    expect(incomplete.statuses[0]).toMatchObject({ status: "incomplete", missing: [{ metric: "loss", chunks: [0] }] });
    const done = await ask("reportWork", { ...params("w1"), body: { chunks: [chunk, chunk], results: [result] } });
    expect(done.statuses[0]).toMatchObject({ status: "committed", reason: null });
    const repeated = await ask("reportWork", { ...params("w1"), body: { chunks: [chunk], results: [result] } });
    expect(repeated.statuses[0]).toMatchObject({ status: "committed" });
    const detail = await ask("getRun", { params: { run } });
    expect(detail).toMatchObject({ state: "succeeded", outcome: "met", objective: 0.25, labels: { shape: "round" } });
    expect(detail.attempts[0]?.provenance).toMatchObject({ gitCommit: "abcdef1234", host: "lab" });
    const series = await ask("getRunMetrics", { params: { run }, query: { raw: true } });
    expect(series.series.find(({ metric }) => metric === "loss")).toMatchObject({ steps: [0, 1], values: [4, null] });

    // A second worker cannot write of what the first one has; another process of the API knows both.
    await ask("registerWorker", { ...params("w2"), body: aWorker(added.ref ?? "") });
    const [held] = (await claim("w1", 1)).runs;
    if (!held) throw new Error("nothing was granted");
    const theirs = { ...result, run: held.run, attempt: held.attempt, chunks: {} };
    const refused = await ask("reportWork", { ...params("w2"), body: { results: [theirs] } });
    expect(refused.statuses[0]).toMatchObject({
      status: "superseded",
      reason: expect.stringContaining("granted to w1") as string,
    });
    const second = await start();
    onTestFinished(() => second.stop());
    const content = Buffer.from("state at step 7");
    const upload = await fetch(
      `${second.url}/api/v1/workers/w1/runs/${held.run}/attempts/${held.attempt}/artifact?name=checkpoint.bin&kind=checkpoint&step=7`,
      { method: "PUT", body: content, headers: { "content-type": "application/octet-stream" } },
    );
    expect(await upload.json()).toMatchObject({ status: "complete", bytes: content.length });
    await ask("reportWork", {
      ...params("w1"),
      body: { releases: [{ run: held.run, attempt: held.attempt, outcome: "handed-back", reason: "preempted" }] },
    });
    const resumed = await eventually(async () => (await claim("w2", 8)).runs.find((one) => one.run === held.run) ?? null);
    expect(resumed).toMatchObject({ attempt: 2, checkpoint: { step: 7, bytes: content.length } });
    const kept = await fetch(`${second.url}/api/v1/artifacts/${String(resumed.checkpoint?.artifact)}/content`, {
      headers: { range: "bytes=0-4" },
    });
    expect([kept.status, await kept.text()]).toEqual([206, "state"]);
    expect(await database.query("SELECT strikes FROM run WHERE id = $1", [held.run])).toEqual([{ strikes: 0 }]);
    const late = await ask("reportWork", { ...params("w1"), body: { chunks: [{ ...chunk, run: held.run, attempt: 1 }] } });
    expect(late.stop[0]).toMatchObject({ action: "superseded" });
  },
);

test("what is wrong is told by its field, and nothing of it is kept", { timeout: 60_000 }, async () => {
  const { ask, refusal } = await anApi();
  const put = (body: object, experiment = "parabola") =>
    refusal("putExperiment", { params: { experiment }, body: Object.assign({}, descriptor, body) });
  const paths = async (body: object) => (await put(body)).issues.map(({ path }) => path);
  expect(await paths({ objective: { metric: "mae", direction: "minimize" } })).toEqual(["objective.metric"]);
  expect(await paths({ parameters: { properties: { x: { type: "number", default: 9, maximum: 5 } } } })).toEqual([
    "parameters.properties.x.default",
  ]);
  expect(await paths({ parameters: { properties: { x: { type: "number" } } } })).toEqual(["parameters.properties.x.default"]);
  expect(await paths({ parameters: { properties: { x: { type: "number", default: 1, minimun: 0 } } } })).toEqual([
    "parameters.properties.x.minimun",
  ]);
  expect(await paths({ metrics: [{ name: "loss" }, { name: "loss" }] })).toContain("metrics[1].name");
  expect((await put({}, "digits")).message).toContain("Basin's own catalogue");

  const { ref = "" } = await ask("putExperiment", { params: { experiment: "parabola" }, body: descriptor });
  const newer = await ask("putExperiment", { params: { experiment: "parabola" }, body: { ...descriptor, stepUnit: "epoch" } });
  expect(newer.version).toBe(2);
  expect((await ask("listExperimentVersions", { params: { experiment: "parabola" } })).items.map((one) => one.ref)).toEqual([
    newer.ref,
    ref,
  ]);
  const body = aWorker("parabola@000000000000");
  expect((await refusal("registerWorker", { ...params("w"), body })).issues[0]).toMatchObject({
    path: "experiment",
    hint: expect.stringContaining(newer.ref ?? "") as string,
  });
  expect((await refusal("registerWorker", { ...params("w"), body: aWorker("digits") })).message).toContain("own trainers");
  const old = { ...aWorker("parabola"), protocol: 2 } as never;
  expect((await refusal("registerWorker", { ...params("w"), body: old })).issues[0]?.path).toBe("protocol");
  expect((await refusal("claimRuns", { ...params("w"), body: { holding: [] } })).status).toBe(404);

  const sweep = await ask("createSweep", { body: { experiment: ref, seeds: { count: 1 } } });
  await ask("registerWorker", { ...params("w"), body: aWorker("parabola") });
  const other = await refusal("claimRuns", { ...params("w"), body: { sweep: sweep.id, holding: [] } });
  expect(other.issues[0]).toMatchObject({ path: "sweep", message: expect.stringContaining(ref) as string });
  await ask("registerWorker", { ...params("w"), body: aWorker(ref) });
  const claimed = await ask("claimRuns", { ...params("w"), body: { waitSeconds: 10, holding: [] } });
  const [grant] = claimed.runs;
  if (!grant) throw new Error("nothing was granted");
  const { run, attempt } = grant;
  const chunk = { run, attempt, metric: "los", chunk: 0, steps: [0], values: [1] };
  const undeclared = await refusal("reportWork", { ...params("w"), body: { chunks: [chunk] } });
  expect(undeclared.issues[0]).toMatchObject({ path: "chunks[0].metric", hint: expect.stringContaining('"loss"') as string });
  const noNumber = await refusal("reportWork", {
    ...params("w"),
    body: { chunks: [{ ...chunk, metric: "loss", values: ["much" as never] }] },
  });
  expect(noNumber.issues[0]).toMatchObject({ path: "chunks[0].values[0]", message: expect.stringContaining("number") as string });
  const result = { run, attempt, outcome: "succeeded" as const, steps: 1, trainSeconds: 0, metrics: { loss: "NaN" as const } };
  expect((await refusal("reportWork", { ...params("w"), body: { results: [result] } })).issues[0]?.path).toBe(
    "results[0].metrics.loss",
  );
});
