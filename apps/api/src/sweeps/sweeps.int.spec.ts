import { Sweep, SweepPreview, type SweepSpecInput } from "@basin/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { seedSweep, startHarness, type Answer, type Harness } from "../http/http-harness.testing";

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());

const spec: SweepSpecInput = {
  experiment: "loss-minimization",
  space: {
    learningRate: { type: "choice", values: [3e-4, 1e-3] },
    activation: { type: "choice", values: ["tanh", "relu", "gelu"] },
  },
  seeds: { count: 5 },
};
const create = async (changes: Partial<SweepSpecInput> = {}): Promise<Sweep> => {
  const answer = await api.call("createSweep", { body: { ...spec, ...changes } });
  expect(answer.status, answer.text).toBe(201);
  return Sweep.parse(answer.json);
};
const issuesOf = (answer: Answer): Record<string, string> =>
  Object.fromEntries(api.errorOf(answer).issues.map((issue) => [issue.path, `${issue.message} ${issue.hint ?? ""}`]));
/** Takes packs of the experiments until the test is over. */
async function aTrainer(pool: string, experiments: string[]): Promise<void> {
  const id = `for-${pool}`;
  await api.sql(
    `INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments, build, last_sign_at)
     VALUES ($1, $1, $2, 'wasm', '', '', 1, '0', 'h', 1, $3, 'aaaaaaaaaaaa', now() + interval '1 hour')`,
    [id, pool, experiments],
  );
  onTestFinished(async () => {
    await api.sql("DELETE FROM trainer WHERE id = $1", [id]);
  });
}
/** For bodies that the types would not let through. */
const post = (url: string, body: object): Promise<Answer> => api.send("POST", `/api/v1${url}`, body);

describe("a sweep whose data forbid it", () => {
  const fixed = (value: string | number | string[]) => ({ type: "fixed" as const, value });
  const upload = async (text: string): Promise<string> => {
    const response = await api.app.inject({
      method: "POST",
      url: "/api/v1/datasets?name=t.csv",
      headers: { "content-type": "application/octet-stream" },
      payload: Buffer.from(text),
    });
    return (JSON.parse(response.body) as { id: string }).id;
  };
  const rows = (header: string, count: number, row: (i: number) => string): string =>
    `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join("\n")}\n`;
  const refused = async (experiment: string, space: SweepSpecInput["space"]): Promise<Record<string, string>> => {
    const body = { experiment, space };
    const [preview, submitted] = [await api.call("previewSweep", { body }), await api.call("createSweep", { body })];
    expect([preview.status, submitted.status]).toEqual([400, 400]);
    expect(preview.json).toEqual(submitted.json);
    return issuesOf(submitted);
  };

  it("is refused at its preview and when it is submitted, with the sentence that its runs would have failed with", async () => {
    const one = await upload("x,y\n1,2\n");
    expect(await refused("dataset-regression", { dataset: fixed(one), targets: fixed(["y"]) })).toEqual({
      "space.dataset": expect.stringContaining("1 row is usable; at least 2 are needed, to train and to test.") as string,
    });
    const falling = await upload(rows("t,u", 60, (i) => `${i === 40 ? 0 : i},${Math.sin(i / 4)}`));
    expect(await refused("dataset-sindy", { dataset: fixed(falling), timeColumn: fixed("t") })).toEqual({
      "space.timeColumn": expect.stringContaining("do not rise between rows 40 and 41") as string,
    });
    const continuous = await upload(rows("x,c", 50, (i) => `${i},${i / 8}`));
    expect(await refused("dataset-classification", { dataset: fixed(continuous), classColumn: fixed("c") })).toEqual({
      "space.classColumn": expect.stringContaining("holds numbers like 0.125") as string,
    });
    expect(await refused("loss-minimization", { samples: fixed(9), folds: fixed(20) })).toEqual({
      "space.folds": "there are 9 training samples, which cannot be cut into 20 folds use at most 9",
    });
    expect(await api.sql("SELECT id FROM sweep WHERE experiment LIKE 'dataset-%'")).toEqual([]);
  });

  it("starts from the weights of a run or an artifact that there is, whose network has the same layers", async () => {
    const sweep = await seedSweep(api, {
      id: "k3v9x2st",
      state: "completed",
      trials: [{ parameters: {}, runs: [{ metrics: { loss: 1 } }] }],
    });
    const run = `${sweep}-0-0`;
    const [weights, plot] = ["0195e3a0-0000-7000-8000-000000000001", "0195e3a0-0000-7000-8000-000000000002"];
    const head = Buffer.from(JSON.stringify({ __metadata__: { family: "mlp", widths: "2,5,1" } }));
    const file = Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(head.length)).buffer), head]);
    for (const [id, kind, name] of [
      [weights, "weights", "weights.safetensors"],
      [plot, "plot", "surface"],
    ] as const)
      await api.sql(
        `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, step, content)
         VALUES ($1, $2, 1, $3, $4, 'x', $5, '', NULL, $6)`,
        [id, run, name, kind, file.length, file],
      );
    const space = (startFrom: string | string[], hiddenLayers: number[] = [5]) =>
      ({ startFrom, hiddenLayers: { type: "fixed", value: hiddenLayers }, epochs: 1 }) as never;
    for (const named of [run, weights, `${run}/${weights}`]) {
      const answer = await api.call("createSweep", { body: { experiment: "loss-minimization", space: space(named) } });
      expect(answer.status, answer.text).toBe(201);
      expect(Sweep.parse(answer.json).spec.space["startFrom"]).toEqual({ type: "fixed", value: `${run}/${weights}` });
    }
    const wrong = (startFrom: string | string[], hiddenLayers?: number[]) =>
      refused("loss-minimization", space(startFrom, hiddenLayers));
    expect(await wrong(run, [4])).toEqual({
      "space.startFrom":
        "its network has layers of 2-5-1, and this one of 2-4-1 with hiddenLayers [5] and as many inputs and outputs it would fit",
    });
    const hint = "name a finished run, as its page does, or its artifact of the kind weights";
    expect(await wrong(["", "my best run"])).toEqual({
      "space.startFrom[1]": `"my best run" names neither a run nor an artifact ${hint}`,
    });
    expect(await wrong(plot)).toEqual({ "space.startFrom": `the artifact "${plot}" is no weights but surface ${hint}` });
    expect(await wrong(`${sweep}-0-7`)).toEqual({ "space.startFrom": `the run "${sweep}-0-7" has no weights ${hint}` });
  });

  it("names a dataset by its file, or by the first digits of its id, as long as that names one", async () => {
    const [first, second] = [
      await upload(rows("x,y", 20, (i) => `${i},${i}`)),
      await upload(rows("x,y", 21, (i) => `${i},${2 * i}`)),
    ];
    await api.sql("UPDATE project_dataset SET name = 'lengths.csv' WHERE dataset_id = $1", [second]);
    const specOf = async (dataset: string | string[]): Promise<unknown> => {
      const answer = await api.call("createSweep", {
        body: { experiment: "dataset-regression", space: { dataset, targets: ["y"], epochs: 1 } },
      });
      expect(answer.status, answer.text).toBe(201);
      const { id, spec } = Sweep.parse(answer.json);
      await api.sql("DELETE FROM sweep WHERE id = $1", [id]);
      return spec.space.dataset;
    };
    expect(await specOf("lengths.csv")).toEqual({ type: "fixed", value: second });
    expect(await specOf(first.slice(0, 12).toUpperCase())).toEqual({ type: "fixed", value: first });
    expect(await specOf([first, "lengths.csv"])).toEqual({ type: "choice", values: [first, second] });
    const wrong = async (dataset: string | string[]): Promise<Record<string, string>> =>
      refused("dataset-regression", { dataset } as never);
    expect(await wrong("length.csv")).toEqual({
      "space.dataset": expect.stringContaining('there is no dataset "length.csv" did you mean "lengths.csv"?') as string,
    });
    await api.sql("UPDATE project_dataset SET name = 'lengths.csv' WHERE dataset_id = $1", [first]);
    expect(await wrong([first, "lengths.csv"])).toEqual({
      "space.dataset[1]": expect.stringMatching(
        new RegExp(`"lengths.csv" names \\d datasets: .*${first.slice(0, 12)} \\(lengths.csv, `),
      ) as string,
    });
  });

  it("of several datasets each is looked into, and what is allowed comes with warnings", async () => {
    const good = await upload(rows("t,u", 60, (i) => `${i},${Math.sin(i / 4)}`));
    const bad = await upload(rows("t,u", 61, (i) => `${i % 30},${Math.sin(i / 4)}`));
    const dataset = { type: "choice" as const, values: [good, bad] };
    expect(Object.keys(await refused("dataset-sindy", { dataset, timeColumn: fixed("t") }))).toEqual(["space.timeColumn"]);
    await aTrainer("default", ["dataset-sindy"]);
    const answer = await api.call("previewSweep", {
      body: { experiment: "dataset-sindy", space: { dataset: fixed(good) }, seeds: { count: 1 } },
    });
    expect(SweepPreview.parse(answer.json).warnings).toEqual([
      {
        path: "space.timeColumn",
        message: '"t" rises from row to row and seems to be the time, but is taken for a state whose law is sought',
        hint: 'set timeColumn to "t", or name the states',
      },
    ]);
  });
});

describe("submitting", () => {
  const warnings = async (spec: SweepSpecInput): Promise<Record<string, string>> => {
    const answer = await api.call("previewSweep", { body: { seeds: { count: 5 }, ...spec } });
    expect(answer.status, answer.text).toBe(200);
    return Object.fromEntries(
      SweepPreview.parse(answer.json).warnings.map(({ path, message, hint }) => [path, `${message} (${hint ?? ""})`]),
    );
  };
  const choice = (...values: (number | string)[]) => ({ type: "choice" as const, values });

  it("warns of swept parameters, and of seeds, that change nothing", async () => {
    await aTrainer("default", ["iris-perceptron", "perceptron-regression", "loss-minimization"]);
    const activation = choice("tanh", "relu", "gelu");
    expect(await warnings({ experiment: "iris-perceptron", space: { activation } })).toEqual({
      "space.activation": expect.stringContaining("no effect in this sweep") as string,
    });
    expect(await warnings({ experiment: "perceptron-regression", space: { learningRate: choice(0.01, 0.1) } })).toEqual({
      seeds: expect.stringContaining("the seed changes nothing here") as string,
    });
    expect(await warnings({ experiment: "loss-minimization", space: { activation } })).toEqual({});
  });

  it("warns of values that come to the same: batches of all samples, rates alike in single precision, ranges of one value", async () => {
    await aTrainer("default", ["runge-interpolation"]);
    const experiment = "runge-interpolation";
    const samples = { type: "fixed" as const, value: 15 };
    expect(await warnings({ experiment, space: { samples, batchSize: choice(8, 15, 64, 0) } })).toEqual({
      "space.batchSize": expect.stringContaining(
        "batchSize 15, 64 and 0 train the same network where there are at most 15 samples",
      ) as string,
    });
    expect(await warnings({ experiment, space: { samples, batchSize: choice(8, 14) } })).toEqual({});
    expect(await warnings({ experiment, space: { learningRate: choice(0.1, 0.1000000001, 0.2) } })).toEqual({
      "space.learningRate": expect.stringContaining(
        "learningRate 0.1 and 0.1000000001 are one value in single precision",
      ) as string,
    });
    const space = {
      learningRate: { type: "step" as const, min: 0.1, max: 0.2, step: 5 },
      epochs: { type: "int" as const, min: 10, max: 20, step: 11 },
    };
    expect(await warnings({ experiment, space })).toEqual({
      "space.learningRate.step":
        'steps of 5 lead past the end of the range 0.1 to 0.2 at once, so learningRate has the one value 0.1 (use smaller steps, or {"type": "fixed", "value": 0.1})',
      "space.epochs.step": expect.stringContaining("epochs has the one value 10") as string,
    });
  });

  it("warns of an objective in which training has no part, and of a pool whose trainers would not take it", async () => {
    await aTrainer("default", ["runge-interpolation"]);
    await aTrainer("large", ["loss-minimization"]);
    const experiment = "runge-interpolation";
    const objective = { metric: "polynomialRmse", direction: "minimize" as const };
    expect(await warnings({ experiment, objective })).toEqual({
      "objective.metric": expect.stringMatching(/^polynomialRmse is a figure of the data alone.*e\.g\. rmse\)$/) as string,
    });
    expect(await warnings({ experiment, pool: "nobody" })).toEqual({
      pool: "no trainer of the pool nobody takes packs now: the sweep waits until one does (start one with BASIN_POOL=nobody, or use the pool default)",
    });
    expect(await warnings({ experiment, pool: "large" })).toEqual({
      pool: expect.stringContaining("no trainer of the pool large has the experiment runge-interpolation") as string,
    });
    await api.sql("UPDATE trainer SET draining = true WHERE pool = 'default'");
    expect((await warnings({ experiment }))["pool"]).toMatch(
      /^no trainer of the pool default takes packs now.*BASIN_POOL=default\)$/,
    );
  });

  it("refuses a sweep whose largest run fits no slot, with the estimate and what would fit, in a preview as well", async () => {
    const pool = "small-machines";
    const large = {
      ...spec,
      space: {
        samples: { type: "choice" as const, values: [2000, 1_000_000] },
        hiddenLayers: { type: "fixed" as const, value: [512, 512] },
        batchSize: { type: "fixed" as const, value: 0 },
      },
    };
    const refusals = async (body: SweepSpecInput): Promise<Record<string, string>[]> =>
      Promise.all(
        (["previewSweep", "createSweep"] as const).map(async (route) => {
          const answer = await api.call(route, { body });
          expect(answer.status, answer.text).toBe(400);
          return issuesOf(answer);
        }),
      );
    for (const issues of await refusals(large)) {
      expect(issues["space.hiddenLayers"]).toMatch(
        /^a run needs about 15 GB, and a slot has 3\.2 GB \(hiddenLayers \[512,512\], batchSize 0, samples 1000000\) it would fit with batchSize/,
      );
    }
    await create({ ...large, space: { ...large.space, batchSize: { type: "fixed", value: 1024 } } });

    const add = (name: string, slotBytes: number, backend = "wasm") =>
      api.sql(
        `INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments, slot_bytes)
         VALUES ($1, $1, $2, $3, '', '', 1, '0', 'h', 1, '{loss-minimization}', $4)`,
        [name, pool, backend, slotBytes],
      );
    await add("tiny", 100e6);
    await add("little", 200e6);
    const middling = { ...large, pool, space: { ...large.space, samples: { type: "fixed" as const, value: 50_000 } } };
    for (const issues of await refusals(middling))
      expect(issues["space.hiddenLayers"]).toContain("the largest slot in pool small-machines, of trainer little, has 0.2 GB");
    await create({ ...middling, pool: "default" });
    await add("gpu", 100e6, "webgpu");
    await create(middling);
  });

  it("stores a sweep with every default filled in and gives it back", async () => {
    const sweep = await create({ name: "first", tags: ["a"] });
    expect(sweep).toMatchObject({
      name: "first",
      state: "running",
      trialsPlanned: 6,
      seedCount: 5,
      best: null,
      clonedFrom: null,
    });
    expect(sweep.counts).toMatchObject({ planned: 30, pending: 0, succeeded: 0 });
    expect(sweep.spec).toMatchObject({ pool: "default", retryLimit: 3, search: { algorithm: "grid" } });
    expect(sweep.seeds).toEqual([0, 1, 2, 3, 4]);
    expect(sweep.objective).toEqual({ metric: "mae", direction: "minimize" });
    const { json } = await api.call("getSweep", { params: { sweep: sweep.id } });
    expect(json).toEqual(sweep);
  });

  it("names what is wrong, where it is, and what would be right", async () => {
    const body = {
      experiment: "loss-minimisation",
      space: { learningRat: { type: "choice", values: [1] } },
      search: { algorithm: "gird" },
    };
    expect(issuesOf(await post("/sweeps", body))).toMatchObject({
      experiment: expect.stringContaining('did you mean "loss-minimization"') as string,
      "search.algorithm": expect.stringContaining("grid") as string,
    });
    expect(issuesOf(await post("/sweeps", { ...spec, space: body.space }))).toMatchObject({
      "space.learningRat": expect.stringContaining('did you mean "learningRate"') as string,
    });
    const wrongType = { activation: { type: "choice", values: ["tanh", 3] }, epochs: { type: "fixed", value: 1.5 } };
    expect(Object.keys(issuesOf(await post("/sweeps", { ...spec, space: wrongType }))).sort()).toEqual([
      "space.activation.values[1]",
      "space.epochs.value",
    ]);
    expect(issuesOf(await post("/sweeps", { ...spec, space: { learningRate: { type: "choice", values: [] } } }))).toHaveProperty([
      "space.learningRate.values",
    ]);
    const seeds = { first: 2_147_483_600, count: 100 };
    expect(issuesOf(await post("/sweeps", { ...spec, seeds }))).toHaveProperty(["seeds.count"]);
    expect(issuesOf(await post("/sweeps", { ...spec, objective: { metric: "r3", direction: "minimize" } }))).toHaveProperty([
      "objective.metric",
    ]);
  });

  it.each([[null], ["NaN"], ["Infinity"], [-1], [0], [true]])("refuses the learning rate %j by name", async (value) => {
    const answer = await post("/sweeps", { ...spec, space: { learningRate: { type: "choice", values: [0.1, value] } } });
    expect(answer.status).toBe(400);
    expect(Object.keys(issuesOf(answer))).toEqual(["space.learningRate.values[1]"]);
  });

  it("refuses the number NaN as malformed JSON, with its place", async () => {
    const text = '{"experiment": "loss-minimization",\n "space": {"learningRate": {"type": "fixed", "value": NaN}}}';
    const answer = await api.send("POST", "/api/v1/sweeps", text);
    expect({ status: answer.status, code: api.errorOf(answer).code }).toEqual({ status: 400, code: "malformed" });
    expect(api.errorOf(answer).message).toContain("line 2, column 55");
  });

  it("takes a grid of 10^12 cells at once, and previews its first configurations", async () => {
    const space: SweepSpecInput["space"] = {
      learningRate: { type: "log-float", min: 1e-5, max: 1e-1, points: 1_000_000 },
      momentum: { type: "float", min: 0, max: 0.99, points: 1_000_000 },
    };
    const start = performance.now();
    const preview = SweepPreview.parse((await api.call("previewSweep", { body: { ...spec, space } })).json);
    expect(performance.now() - start).toBeLessThan(500);
    expect(preview).toMatchObject({ trials: 1e12, runs: 5e12, seeds: 5 });
    expect(preview.sample).toHaveLength(20);
    expect(preview.sample[0]).toMatchObject({ learningRate: 1e-5, momentum: 0, activation: "tanh" });
    const sweep = await create({ space });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(sweep).toMatchObject({ trialsPlanned: 1e12, trialsCreated: 0, counts: { planned: 5e12, pending: 0 } });
  });

  it("previews without storing anything", async () => {
    const [before] = await api.sql("SELECT count(*) FROM sweep");
    const preview = SweepPreview.parse((await api.call("previewSweep", { body: spec })).json);
    expect(preview).toMatchObject({ trials: 6, runs: 30, seeds: 5, objective: { metric: "mae", direction: "minimize" } });
    expect(new Set(preview.sample.map((c) => `${String(c.learningRate)} ${String(c.activation)}`)).size).toBe(6);
    expect((await api.sql("SELECT count(*) FROM sweep"))[0]).toEqual(before);
    expect((await post("/sweeps/preview", { experiment: "nothing" })).status).toBe(400);
  });
});

describe("commands", () => {
  it("pause, resume and cancel answer with the new state, and conflict when they do not fit", async () => {
    const { id } = await create();
    const params = { sweep: id };
    expect((await api.call("pauseSweep", { params })).json).toMatchObject({ id, state: "paused" });
    const again = await api.call("pauseSweep", { params });
    expect({ status: again.status, code: api.errorOf(again).code }).toEqual({ status: 409, code: "conflict" });
    expect((await api.call("resumeSweep", { params })).json).toMatchObject({ state: "running" });
    expect((await api.call("retryFailed", { params })).status).toBe(409);
    expect((await api.call("cancelSweep", { params })).json).toMatchObject({ state: "cancelled" });
    expect((await api.call("resumeSweep", { params })).status).toBe(409);
  });

  it("retry-failed gives failed runs back", async () => {
    const runs = [{ state: "failed", reason: "boom" }, { objective: 1 }];
    const id = await seedSweep(api, { id: "retry000", trials: [{ parameters: { learningRate: 1 }, runs }] });
    expect((await api.call("retryFailed", { params: { sweep: id } })).json).toMatchObject({
      counts: { failed: 0, pending: 1, succeeded: 1 },
    });
  });

  it("extend adds seeds, or says why not", async () => {
    const { id } = await create();
    const params = { sweep: id };
    expect((await api.call("extendSweep", { params, body: { seeds: 3 } })).json).toMatchObject({
      seedCount: 8,
      counts: { planned: 48 },
    });
    expect((await api.call("extendSweep", { params, body: { trials: 3 } })).status).toBe(409);
    expect((await api.call("extendSweep", { params, body: {} })).status).toBe(400);
    expect((await api.call("extendSweep", { params, body: { seeds: { list: [1] } } })).status).toBe(409);
  });

  it("clone submits the same spec with changes, checked like a new one", async () => {
    const { id, spec: original } = await create({ tags: ["kept"] });
    const params = { sweep: id };
    const clone = Sweep.parse((await api.call("cloneSweep", { params, body: { changes: { seeds: { count: 2 } } } })).json);
    expect(clone).toMatchObject({ clonedFrom: id, seedCount: 2, spec: { ...original, seeds: { count: 2, first: 0 } } });
    const refused = await api.call("cloneSweep", { params, body: { changes: { space: { nope: { type: "fixed", value: 1 } } } } });
    expect(Object.keys(issuesOf(refused))).toEqual(["changes.space.nope"]);
    expect(Object.keys(issuesOf(await api.call("cloneSweep", { params, body: { changes: { seedz: 1 } } })))).toEqual([
      "changes.seedz",
    ]);
  });

  it.each(["pause", "resume", "cancel", "retry-failed", "extend", "clone"])(
    "%s of a sweep that is not there answers 404",
    async (command) => {
      const body = command === "extend" ? { seeds: 1 } : command === "clone" ? {} : undefined;
      const url = `/api/v1/sweeps/0000000z/${command}`;
      const answer = await (body ? api.send("POST", url, body) : api.send("POST", url));
      expect(answer.status, answer.text).toBe(404);
    },
  );
});

describe("listing", () => {
  it("filters by state, experiment, tag and part of name or id", async () => {
    await seedSweep(api, {
      id: "vvvvvvv1",
      name: "Basin hunt",
      state: "completed",
      tags: ["paper", "x"],
      experiment: "logic-gates",
    });
    await seedSweep(api, { id: "vvvvvvv2", name: "other", state: "paused", tags: ["paper"] });
    const ids = async (query: object): Promise<string[]> => {
      const { json } = await api.call("listSweeps", { query: { search: "vvvv", ...query } });
      return (json as { items: Sweep[] }).items.map((sweep) => sweep.id).sort();
    };
    expect(await ids({})).toEqual(["vvvvvvv1", "vvvvvvv2"]);
    expect(await ids({ state: ["completed", "running"] })).toEqual(["vvvvvvv1"]);
    expect(await ids({ experiment: "logic-gates" })).toEqual(["vvvvvvv1"]);
    expect(await ids({ tag: "paper" })).toEqual(["vvvvvvv1", "vvvvvvv2"]);
    expect(await ids({ tag: "x" })).toEqual(["vvvvvvv1"]);
    expect(await ids({ search: "basin HUNT" })).toEqual(["vvvvvvv1"]);
    expect(await ids({ search: "%" })).toEqual([]);
  });

  it("pages through any sort without losing or repeating a sweep, while others are added", async () => {
    const names = ["b", "B", "a", "é", "", "b", "zz", "a b"];
    for (const [i, name] of names.entries())
      await seedSweep(api, { id: `page000${i}`, name, tags: ["paging"], createdAt: `2026-01-0${1 + (i % 3)}T00:00:00.123Z` });
    const everything = names.map((_, i) => `page000${i}`);
    let added = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("createdAt", "-createdAt", "name", "-name" as const),
        fc.integer({ min: 1, max: 9 }),
        async (sort, limit) => {
          const seen: string[] = [];
          let cursor: string | null = null;
          do {
            const query: object = { tag: "paging", sort, limit, ...(cursor === null ? {} : { cursor }) };
            const page = (await api.call("listSweeps", { query })).json as { items: Sweep[]; next: string | null; total: number };
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items.map((sweep) => sweep.id));
            cursor = page.next;
            added += 1;
            if (added < 6) await seedSweep(api, { id: `new0000${added}`, name: `n${added}`, tags: ["paging"] });
          } while (cursor !== null);
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.filter((id) => id.startsWith("page")).sort()).toEqual(everything);
        },
      ),
      { numRuns: 12 },
    );
  });

  it("refuses a cursor of another sort", async () => {
    const { json } = await api.call("listSweeps", { query: { limit: 1 } });
    const cursor = (json as { next: string }).next;
    const answer = await api.call("listSweeps", { query: { limit: 1, sort: "name", cursor } });
    expect({ status: answer.status, paths: Object.keys(issuesOf(answer)) }).toEqual({ status: 400, paths: ["cursor"] });
  });
});
