import { artifactPartBytes, DatasetId, packDataset, timeMetric } from "@basin/contracts";
import { configurationOf, findExperiment } from "@basin/problems";
import { eventually } from "@basin/testing";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PeerOptions } from "./specs/control-plane-peer";
import { startTrainer } from "./specs/trainer-process";
import { allOver, diagnostic, expectExactSeries, logicGates, spooled } from "./specs/trainer-runs";
import { trainerSuite } from "./specs/trainer-suite";

const suite = trainerSuite();

describe("a trainer", () => {
  it("registers, trains packs, commits every run with its whole series and leaves nothing behind", async () => {
    const peer = await suite.startPeer();
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = [
      ...(await peer.submit("diagnostic", diagnostic(5, { steps: 30, valuesPerStep: 3 }))),
      ...(await peer.submit("diagnostic", diagnostic(1, { steps: 3000 }))),
      ...(await peer.submit("diagnostic", diagnostic(2, { steps: 20, divergeAtStep: 10 }))),
    ];
    await eventually(() => allOver(runs));
    for (const run of runs.slice(0, 5)) expectExactSeries(peer, run, 3);
    expectExactSeries(peer, runs[5]!);
    expect(runs[6]).toMatchObject({
      state: "diverged",
      result: { metrics: { value0: null }, reason: "value0 became NaN at step 10" },
    });
    expect(peer.registrations[0]).toMatchObject({
      v: 2,
      name: "spec",
      pool: "default",
      slots: 1,
      backend: "wasm",
      build: suite.bundle.build,
    });
    await eventually(() => spooled(trainer.directory).length === 0);
    expect(peer.deadLetters).toEqual([]);

    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${trainer.port()}${path}`);
    expect((await get("/ready")).status).toBe(200);
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toContain('basin_trainer_runs_total{outcome="succeeded"} 6');
    expect(metrics).toContain('basin_trainer_runs_total{outcome="diverged"} 2');
    expect(metrics).toContain("basin_trainer_spool_bytes 0");
  });

  it("brings the dataset that its runs name, once, keeps it, and fetches it again when the copy is damaged", async () => {
    const peer = await suite.startPeer();
    const id = DatasetId.parse("ab".repeat(32));
    const x = Float64Array.from({ length: 60_000 }, (_, i) => (i * 0.37) % 1);
    const columns = [
      { name: "x", type: "number" as const, values: x, categories: [] },
      { name: "y", type: "number" as const, values: x.map((value) => 2 * value), categories: [] },
    ];
    peer.datasets.set(id, packDataset({ id, name: "line.csv", rows: x.length, columns, arrays: [] }));
    const experiment = findExperiment("dataset-regression");
    if (!experiment) throw new Error("dataset-regression is not in the catalogue");
    const changes = { dataset: id, targets: ["y"], hiddenLayers: [], epochs: 1, batchSize: 0, testFraction: 0.5 };
    const parameters = configurationOf(experiment, changes);
    const submit = () => peer.submit("dataset-regression", [{ seed: 1, parameters }]);
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const [first, second] = [(await submit())[0], (await submit())[0]];
    await eventually(() => first?.result && second?.result, { timeoutSeconds: 60, what: "two runs are trained on the dataset" });
    expect(first?.result).toMatchObject({ outcome: "succeeded", metrics: { testRows: 30_000 } });
    expect(second?.result?.metrics).toEqual(first?.result?.metrics);
    const parts = peer.datasetParts;
    expect(parts).toBe(Math.ceil((peer.datasets.get(id)?.byteLength ?? 0) / artifactPartBytes));
    const folder = join(trainer.directory, "datasets");
    const [kept = ""] = readdirSync(folder);
    writeFileSync(join(folder, kept), "damaged");
    const third = (await submit())[0];
    await eventually(() => third?.result, { timeoutSeconds: 60, what: "a run is trained on the dataset that was fetched again" });
    expect(third?.result?.metrics).toEqual(first?.result?.metrics);
    expect(peer.datasetParts).toBe(2 * parts);
    const missing = configurationOf(experiment, { ...changes, dataset: "cd".repeat(32) });
    const [lost] = await peer.submit("dataset-regression", [{ seed: 1, parameters: missing }]);
    const refused = () => lost?.releases.some(({ reason }) => reason?.includes("its dataset cannot be had") === true);
    await eventually(refused, { timeoutSeconds: 60, what: "a run whose dataset is not there is given back" });
  });

  it("sends again exactly what a commit names as missing", async () => {
    const peer = await suite.startPeer();
    const lost = new Set<string>();
    peer.lose = ({ run, metric, chunk }) => {
      const key = `${run}/${metric}/${chunk}`;
      const loses = chunk % 2 === 0 && !lost.has(key);
      lost.add(key);
      return loses;
    };
    startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(3, { steps: 5000, valuesPerStep: 2 }));
    await eventually(() => allOver(runs), { timeoutSeconds: 20 });
    for (const run of runs) expectExactSeries(peer, run, 2);
    expect(peer.commits.flatMap(({ statuses }) => statuses)).toContain("incomplete");
  });

  it("trains a pack once that is sent twice, while it is claimed and while it is trained", async () => {
    const peer = await suite.startPeer();
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    peer.beforeClaim = () => answered;
    startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 2 });
    const runs = await peer.submit("diagnostic", diagnostic(2, { steps: 400, secondsPerStep: 0.01 }));
    const pack = [...peer.packs.keys()][0]!;
    await eventually(() => peer.claims.length === 1);
    await peer.invite(pack);
    await peer.submit("diagnostic", diagnostic(1, { steps: 5 }));
    await eventually(() => peer.claims.length === 2, { what: "the message behind the second one is taken" });
    answer();
    await eventually(() => runs.every(({ chunks }) => chunks.size > 0));
    await peer.invite(pack);
    await eventually(() => allOver(runs), { timeoutSeconds: 30 });
    for (const run of runs) expectExactSeries(peer, run);
    expect(peer.claims.filter((claimed) => claimed === pack)).toHaveLength(1);
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it("uploads artifacts before the commit, and again when they are missing", async () => {
    const peer = await suite.startPeer();
    const lost: string[] = [];
    peer.loseArtifact = ({ run, name }) => {
      const loses = !lost.includes(`${run}/${name}`);
      lost.push(`${run}/${name}`);
      return loses;
    };
    startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("logic-gates", logicGates(2, { epochs: 5 }));
    await eventually(() => allOver(runs), { timeoutSeconds: 30 });
    for (const run of runs) {
      const names = run.result?.artifacts ?? [];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(run.artifacts.get(`1/${name}`)?.byteLength).toBeGreaterThan(0);
    }
  });

  it("trains a network to the same bits alone, in a pack, and when it was handed back in the middle", async () => {
    const peer = await suite.startPeer();
    startTrainer(suite.bundle, suite.nats.joinUrl);
    const parameters = { epochs: 3000 };
    const alone = await peer.submit("logic-gates", logicGates(1, parameters));
    const pack = await peer.submit("logic-gates", logicGates(3, parameters));
    const [straight] = alone;
    await eventually(() => allOver([...alone, ...pack]), { timeoutSeconds: 60 });
    const moved = await peer.submit("logic-gates", logicGates(3, parameters));
    await eventually(() => moved.every(({ chunks }) => chunks.size > 0), { everyMilliseconds: 5 });
    peer.wish(moved[0]!, "hand-back", true);
    await eventually(() => moved[0]?.state === "pending");
    expect(moved[0]?.checkpoint?.step).toBeLessThan(3000);
    await peer.dispatch([moved[0]!]);
    await eventually(() => allOver(moved), { timeoutSeconds: 60 });
    expect(moved[0]?.attempt).toBe(2);
    for (const run of [pack[0]!, moved[0]!]) {
      expect(run.result?.metrics).toEqual(straight?.result?.metrics);
      for (const metric of Object.keys(straight?.result?.chunks ?? {}).filter((name) => name !== timeMetric)) {
        expect(peer.series(run, metric), metric).toEqual(peer.series(straight!, metric));
      }
      for (const name of straight?.result?.artifacts ?? []) {
        expect(run.artifacts.get(`${run.attempt}/${name}`), name).toEqual(straight?.artifacts.get(`1/${name}`));
      }
    }
    for (const i of [1, 2]) expect(moved[i]?.result?.metrics).toEqual(pack[i]?.result?.metrics);
    // Its clock went on from the checkpoint.
    const clock = peer.series(moved[0]!, timeMetric);
    expect(clock.steps.at(-1)).toBe(3000);
    expect(clock.values).toEqual(clock.values.toSorted((a, b) => a - b));
    expect(clock.values.at(-1)).toBeCloseTo(moved[0]?.result?.trainSeconds ?? 0, 9);
  });

  it("cancels one run of a pack and leaves its neighbours alone", async () => {
    const peer = await suite.startPeer();
    startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(3, { steps: 60, secondsPerStep: 0.02 }));
    await eventually(() => runs.every(({ chunks }) => chunks.size > 0));
    peer.wish(runs[1]!, "cancel", true);
    await eventually(() => runs[1]?.state === "cancelled", { timeoutSeconds: 2 });
    await eventually(() => allOver([runs[0]!, runs[2]!]));
    expectExactSeries(peer, runs[0]!);
    expectExactSeries(peer, runs[2]!);
    expect(runs[1]?.releases).toEqual([{ run: runs[1]?.run, attempt: 1, outcome: "cancelled", reason: null }]);
  });

  it("hands a run back with a checkpoint, and another attempt continues it to the same bits", async () => {
    const peer = await suite.startPeer();
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(2, { steps: 80, secondsPerStep: 0.01, valuesPerStep: 2 }));
    await eventually(() => runs.every(({ chunks }) => chunks.size > 1));
    for (const run of runs) peer.wish(run, "hand-back");
    await eventually(() => runs.every(({ state }) => state === "pending"));
    expect(runs[0]?.checkpoint?.step).toBeGreaterThan(1);
    expect(runs[0]?.checkpoint?.step).toBeLessThan(80);
    await peer.dispatch(runs);
    await eventually(() => allOver(runs));
    for (const run of runs) {
      expect(run.attempt).toBe(2);
      expectExactSeries(peer, run, 2);
    }
    await eventually(() => spooled(trainer.directory).length === 0);
  });

  it("starts afresh when a checkpoint is of another build, and says so", async () => {
    const peer = await suite.startPeer();
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(2, { steps: 60, secondsPerStep: 0.01 }));
    await eventually(() => runs.every(({ chunks }) => chunks.size > 0));
    for (const run of runs) peer.wish(run, "hand-back");
    await eventually(() => runs.every(({ state }) => state === "pending"));
    const { content } = runs[0]!.checkpoint!;
    const foreign = content.toString("latin1").replace(suite.bundle.build, "0123456789ab");
    runs[0]!.checkpoint!.content = Buffer.from(foreign, "latin1");
    await peer.dispatch(runs);
    await eventually(() => allOver(runs));
    for (const run of runs) expectExactSeries(peer, run);
    // The other one went on: it has trained a second time only what was left.
    const fresh = trainer.log.filter(({ msg }) => String(msg).includes("is of build 0123456789ab, this trainer of"));
    expect(fresh.flatMap(({ runs: named }) => named)).toEqual([runs[0]?.run]);
  });

  it("starts afresh when a checkpoint is damaged, and says so", async () => {
    const peer = await suite.startPeer();
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(2, { steps: 60, secondsPerStep: 0.01 }));
    await eventually(() => runs.every(({ chunks }) => chunks.size > 0));
    for (const run of runs) peer.wish(run, "hand-back");
    await eventually(() => runs.every(({ state }) => state === "pending"));
    runs[0]!.checkpoint!.content = Buffer.from("no checkpoint at all");
    await peer.dispatch(runs);
    await eventually(() => allOver(runs));
    for (const run of runs) expectExactSeries(peer, run);
    expect(trainer.log.some(({ msg }) => String(msg).includes("starts afresh"))).toBe(true);
  });

  it("gives failed runs back with the reason", async () => {
    const peer = await suite.startPeer();
    startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(2, { steps: 5, failOnAttempts: 1 }));
    await eventually(() => runs.every(({ releases }) => releases.length === 1));
    expect(runs[0]?.releases[0]?.outcome).toBe("failed");
    expect(runs[0]?.releases[0]?.reason).toContain("told to fail on its first 1 attempts");
    await peer.dispatch(runs);
    await eventually(() => allOver(runs));
    for (const run of runs) expectExactSeries(peer, run);
  });

  it("stops for a superseded attempt without another word about it", async () => {
    const peer = await suite.startPeer();
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const [run] = await peer.submit("diagnostic", diagnostic(1, { steps: 10_000, secondsPerStep: 0.01 }));
    await eventually(() => run!.chunks.size > 0);
    peer.wish(run!, "superseded", true);
    await eventually(() => spooled(trainer.directory).length === 0);
    expect(run?.releases).toEqual([]);
    const [next] = await peer.submit("diagnostic", diagnostic(1, { steps: 3 }));
    await eventually(() => allOver([next!]));
  });
});

describe("a control plane of another version", () => {
  it("that knows version 1 only is spoken to in version 1, without a build, and that is said", async () => {
    const peer = await suite.startPeer({ understands: 1 });
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(2, { steps: 20 }));
    await eventually(() => allOver(runs));
    for (const run of runs) expectExactSeries(peer, run);
    expect(peer.registrations.map(({ v }) => v)).toEqual([1]);
    expect(peer.heartbeats.every(({ v }) => v === 1)).toBe(true);
    const said = trainer.log.find(({ msg }) => String(msg).includes("does not understand version 2 of register"));
    expect(said).toMatchObject({
      level: 40,
      msg: expect.stringMatching(/^the control plane is older than this trainer/) as unknown,
    });
  });

  it("is registered with again when it comes to know version 2, and packs of the trainer's own queue are taken", async () => {
    const options: PeerOptions = { understands: 1 };
    const peer = await suite.startPeer(options);
    startTrainer(suite.bundle, suite.nats.joinUrl);
    const trainsOne = async (): Promise<void> => {
      const [run] = await peer.submit("diagnostic", diagnostic(1, { steps: 5 }));
      await eventually(() => allOver([run!]), { timeoutSeconds: 20, what: "the run is trained" });
    };
    await trainsOne();
    // As after an update: the ledger has to be told the build of every trainer.
    options.understands = 2;
    peer.forgotten = true;
    await eventually(() => peer.registrations.at(-1)?.v === 2);
    peer.forgotten = false;
    await trainsOne();
    await eventually(() => peer.heartbeats.at(-1)?.v === 2);
    const versions = peer.registrations.map(({ v }) => v);
    expect(versions.filter((v, i) => v !== versions[i - 1])).toEqual([1, 2]);
  });
});
