import { call } from "@basin/client";
import { ErrorBody, type SweepSpecInput } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { publishTelemetry } from "./harness/as-trainer";
import { diagnosticRuns, smallNetworks } from "./harness/specs";
import { completed, expectSameFacts, factsOf, runsOf, submit } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env: { BASIN_SLOTS: "1", BASIN_LEASE_SECONDS: "3" } });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

async function post(body: string, path = "/sweeps"): Promise<{ status: number; error: ErrorBody["error"] }> {
  const response = await fetch(`${stack.api}/api/v1${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  return { status: response.status, error: ErrorBody.parse(await response.json()).error };
}

/** The answer to a spec that is refused: its status and the paths it complains about. */
async function refusal(changes: object): Promise<{ status: number; paths: string[]; text: string }> {
  const { status, error } = await post(JSON.stringify({ experiment: "loss-minimization", ...changes }));
  return { status, paths: error.issues.map((issue) => issue.path), text: JSON.stringify(error) };
}

test("an unknown parameter is named, with what it could have been", async () => {
  const { status, paths, text } = await refusal({ space: { learningRat: { type: "fixed", value: 1e-3 } } });
  expect(status).toBe(400);
  expect(paths[0]).toMatch(/^space\.learningRat/);
  expect(text).toContain("learningRate");
});

test("a wrong type is named with its place", async () => {
  const { status, paths } = await refusal({ space: { epochs: { type: "choice", values: [10, "many"] } } });
  expect(status).toBe(400);
  expect(paths).toContainEqual(expect.stringMatching(/^space\.epochs/));
  expect((await refusal({ space: { hiddenLayers: { type: "fixed", value: "wide" } } })).status).toBe(400);
  expect((await refusal({ seeds: { count: "five" } })).status).toBe(400);
});

test("an empty space of values, of seeds, and an experiment that does not exist are refused", async () => {
  expect(await refusal({ space: { learningRate: { type: "choice", values: [] } } })).toMatchObject({ status: 400 });
  expect(await refusal({ space: { epochs: { type: "int", min: 20, max: 10 } } })).toMatchObject({ status: 400 });
  expect(await refusal({ seeds: { list: [] } })).toMatchObject({ status: 400 });
  expect(await refusal({ experiment: "no-such-thing" })).toMatchObject({ status: 400, paths: ["experiment"] });
});

test("a NaN learning rate is refused through the API and, with its place, by the command line", async () => {
  expect((await refusal({ space: { learningRate: { type: "choice", values: ["NaN"] } } })).status).toBe(400);
  expect((await post('{"experiment":"loss-minimization","space":{"learningRate":{"type":"fixed","value":NaN}}}')).status).toBe(
    400,
  );
  const yaml = "experiment: loss-minimization\nspace:\n  learningRate: { type: choice, values: [1e-3, .nan] }\n";
  const { code, stderr } = await stack.basin(["sweep", "submit", "-"], yaml);
  expect(code).toBe(2);
  expect(stderr).toMatch(/space\.learningRate\.values\[1\].*finite number/);
});

test("a grid of 10^12 cells is accepted and costs nothing until it runs", async () => {
  const axis = (min: number): object => ({ type: "log-float", min, max: 1, points: 1_000_000 });
  const body = {
    experiment: "loss-minimization",
    space: { learningRate: axis(1e-6), epsilon: axis(1e-9) },
    seeds: { count: 1 },
  } as SweepSpecInput;
  const began = performance.now();
  const sweep = await submit(stack.api, body);
  expect(sweep.trialsPlanned).toBe(1e12);
  expect(performance.now() - began).toBeLessThan(2000);
  const { runs } = await call(stack.api, "previewSweep", { body });
  expect(runs).toBe(1e12);
  await call(stack.api, "cancelSweep", { params: { sweep: sweep.id } });
  const after = await call(stack.api, "getSweep", { params: { sweep: sweep.id } });
  expect(after.trialsCreated).toBeLessThan(100_000);
});

test("malformed JSON and a body of 50 MB are refused with a reason, and the API goes on", async () => {
  const malformed = await post('{"experiment": "loss-minimization", "space": {,}}');
  expect(malformed).toMatchObject({ status: 400, error: { code: "malformed" } });
  const large = await post(JSON.stringify({ experiment: "loss-minimization", notes: "x".repeat(50 * 1024 * 1024) })).catch(
    (error: unknown) => error,
  );
  // A server may close the connection on a client that goes on sending; the answer, when it arrives, says why.
  if (!(large instanceof Error)) expect(large).toMatchObject({ status: 413, error: { code: "too-large" } });
  expect((await fetch(`${stack.api}/ready`)).status).toBe(200);
});

test("a run that diverges is marked so, and its neighbours in the pack are the same to the bit as without it", async () => {
  const base = smallNetworks();
  const withRates = (values: number[]): SweepSpecInput => ({
    ...base,
    space: {
      ...base.space,
      learningRate: { type: "choice", values },
      activation: { type: "fixed", value: "relu" },
      optimizer: { type: "fixed", value: "sgd" },
    },
  });
  const calm = await submit(stack.api, withRates([1e-3, 1e-2]));
  const wild = await submit(stack.api, withRates([1e-3, 1e-2, 1e6]));
  await completed(stack.api, calm.id);
  const { counts } = await completed(stack.api, wild.id);
  expect(counts).toMatchObject({ succeeded: 10, diverged: 5 });
  const diverged = (await runsOf(stack.api, wild.id)).filter((run) => run.state === "diverged");
  for (const run of diverged) {
    expect(run.parameters.learningRate).toBe(1e6);
    expect(run.reason).toBeTruthy();
  }
  const facts = await factsOf(stack.api, wild.id);
  const neighbours = new Map([...facts].filter(([key]) => !key.includes('"learningRate",1000000]')));
  expect(neighbours.size).toBe(10);
  expectSameFacts(neighbours, await factsOf(stack.api, calm.id));
});

test("a run that takes its trainer down is parked as failed with the reason; the others succeed", async () => {
  const { id } = await submit(
    stack.api,
    diagnosticRuns({
      runs: 2,
      steps: 5,
      secondsPerStep: 0.01,
      retryLimit: 2,
      space: { crashOnAttempts: { type: "choice", values: [0, 1000] } },
    }),
  );
  const { counts } = await completed(stack.api, id, 120);
  expect(counts).toMatchObject({ succeeded: 2, failed: 2 });
  for (const run of await runsOf(stack.api, id)) {
    expect(run.state).toBe(run.parameters.crashOnAttempts === 0 ? "succeeded" : "failed");
    if (run.state === "failed") expect(run.reason).toBeTruthy();
  }
});

test("telemetry that does not parse becomes a dead letter with a reason, and ingest goes on", async () => {
  const before = await call(stack.api, "listDeadLetters", { query: {} });
  await publishTelemetry(stack.natsUrl, "nobody", "this is not JSON");
  await publishTelemetry(stack.natsUrl, "nobody", JSON.stringify({ v: 1, trainer: "nobody", sentAt: "yesterday", chunks: [] }));
  await publishTelemetry(stack.natsUrl, "nobody", new Uint8Array([0xff, 0x00, 0xfe]));
  const letters = await eventually(
    async () => {
      const answer = await call(stack.api, "listDeadLetters", { query: {} });
      return answer.total >= before.total + 3 ? answer.items : null;
    },
    { timeoutSeconds: 15, what: "three dead letters" },
  );
  for (const letter of letters.slice(0, 3)) {
    expect(letter.reason).toBeTruthy();
    expect(letter.subject).toBe("basin.telemetry.nobody");
  }
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 3, steps: 5, secondsPerStep: 0.01 }));
  expect((await completed(stack.api, id, 30)).counts.succeeded).toBe(3);
});
