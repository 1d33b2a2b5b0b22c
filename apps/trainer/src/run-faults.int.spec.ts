import { BuildId, Configuration, DatasetId, MlpParameters, packDataset } from "@basin/contracts";
import { configurationOf, findExperiment } from "@basin/problems";
import { eventually } from "@basin/testing";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { extensionHash } from "./platform/extension-hash";
import type { ControlPlanePeer, PeerOptions, PeerRun } from "./specs/control-plane-peer";
import { startTrainer } from "./specs/trainer-process";
import { trainerSuite } from "./specs/trainer-suite";

const suite = trainerSuite();

function startPeer({ extensions, ...rest }: PeerOptions & { extensions?: string } = {}): Promise<ControlPlanePeer> {
  const hash = extensions === undefined ? null : extensionHash([extensions]);
  return suite.startPeer(rest, hash === null ? suite.bundle.build : BuildId.parse(`${suite.bundle.build}-${hash}`));
}

const extension = fileURLToPath(new URL("./specs/trapping-experiment.mjs", import.meta.url));
const within = { timeoutSeconds: 60 };

function runsOf(experiment: string, count: number, changes: Configuration): { seed: number; parameters: Configuration }[] {
  const definition = findExperiment(experiment);
  if (!definition) throw new Error(`no experiment ${experiment}`);
  const parameters = configurationOf(definition, changes);
  return Array.from({ length: count }, (_, seed) => ({ seed, parameters }));
}

const small = { hiddenLayers: [4], epochs: 2 };
/** The sweep that comes after one that did not fit: small runs of another experiment, on every slot. */
async function expectHealthy(peer: ControlPlanePeer): Promise<void> {
  const packs = await Promise.all(
    [0, 1, 2, 3].map(() => peer.submit("runge-interpolation", runsOf("runge-interpolation", 1, small))),
  );
  const runs = packs.flat();
  await eventually(() => runs.every(({ result }) => result !== null), within);
  expect(runs.map(({ state, attempt }) => [state, attempt])).toEqual(runs.map(() => ["succeeded", 1]));
  const [first] = runs;
  for (const { result } of runs) expect(result?.metrics).toEqual(first?.result?.metrics);
}

const csv = DatasetId.parse("ab".repeat(32));
function rows300000(): Uint8Array {
  const rows = 300_000;
  const values = Float64Array.from({ length: rows }, (_, i) => Math.sin(i));
  const columns = ["x", "y"].map((name) => ({ name, type: "number" as const, values, categories: [] }));
  return packDataset({ id: csv, name: "long.csv", rows, columns, arrays: [] });
}

describe("a run that does not fit in memory", () => {
  it.each<[string, string, Configuration]>([
    ["a million samples at once", "loss-minimization", { samples: 1_000_000, hiddenLayers: [512, 512], batchSize: 0, epochs: 1 }],
    ["half a million", "loss-minimization", { samples: 500_000, hiddenLayers: [256, 256], batchSize: 0, epochs: 1 }],
    [
      "a table of 300,000 rows",
      "dataset-regression",
      { dataset: csv, targets: ["y"], hiddenLayers: [512, 512], batchSize: 0, epochs: 1 },
    ],
  ])("ends once, says what it needs, and takes nothing from later runs: %s", async (_, experiment, changes) => {
    const peer = await startPeer();
    peer.datasets.set(csv, rows300000());
    startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 2 });
    const [first, second] = [
      await peer.submit(experiment, runsOf(experiment, 1, changes)),
      await peer.submit(experiment, runsOf(experiment, 1, changes)),
    ];
    const large = [...first, ...second];
    await eventually(() => large.every(({ releases }) => releases.length > 0), within);
    for (const { releases, state } of large) {
      expect(state).toBe("failed");
      expect(releases).toEqual([expect.objectContaining({ outcome: "failed", final: true })]);
      expect(releases[0]?.reason).toMatch(
        /^it does not fit in memory: it needs about [\d.]+ GB, a slot has [\d.]+ GB; it would fit with batchSize \d+, or with hiddenLayers/,
      );
    }
    await expectHealthy(peer);
  });

  it("is told apart from a pack that is too wide: that goes back without fault, and its runs train side by side in narrower ones", async () => {
    const peer = await startPeer();
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 1, slotMiB: 128 });
    // Batch normalization keeps some 17 tensors of a batch in each layer: 70 MB for each run.
    const runs = await peer.submit(
      "loss-minimization",
      runsOf("loss-minimization", 8, {
        samples: 4096,
        batchSize: 0,
        hiddenLayers: [128, 128],
        batchNormalization: true,
        epochs: 1,
        plots: false,
      }),
    );
    await eventually(() => runs.every(({ releases }) => releases.length === 1), within);
    for (const { releases } of runs) expect(releases[0]).toMatchObject({ outcome: "handed-back", maxWidth: 4 });
    for (const pair of [0, 2, 4, 6]) await peer.dispatch(runs.slice(pair, pair + 2));
    await eventually(() => runs.every(({ result }) => result !== null), within);
    expect(runs.map(({ state }) => state)).toEqual(runs.map(() => "succeeded"));
    expect(trainer.log.some(({ msg }) => String(msg).includes("a worker thread is replaced"))).toBe(true);
  });
});

describe("a run that traps in WebAssembly", () => {
  const trapping = (seed: number, trapIn: string): { seed: number; parameters: Configuration } => ({
    seed,
    parameters: { ...Configuration.parse(MlpParameters.parse({ hiddenLayers: [4], epochs: 4000 })), trapIn },
  });

  it.each(["judgement", "plots", "data"])(
    "in its %s is found by halves, and its neighbours come to the same bits",
    async (trapIn) => {
      const peer = await startPeer({ checkpointSeconds: 0.02, extensions: extension });
      startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 1, extensions: extension });
      const seeds = [1, 2, 3];
      const undisturbed = await peer.submit(
        "trapping",
        seeds.map((seed) => trapping(seed, "never")),
      );
      await eventually(() => undisturbed.every(({ result }) => result !== null), within);

      const runs = await peer.submit("trapping", [trapping(9, trapIn), ...seeds.map((seed) => trapping(seed, "never"))]);
      const [poison, ...neighbours] = runs;
      if (!poison) throw new Error("no run was made");
      await eventually(() => runs.every(({ state }) => state === "pending"), within);
      for (const { releases } of runs) {
        expect(releases).toEqual([expect.objectContaining({ outcome: "handed-back", maxWidth: 2 })]);
        expect(releases[0]?.reason).toMatch(/^unreachable/);
      }
      if (trapIn !== "data") for (const run of neighbours) expect(run.checkpoint?.step).toBeGreaterThan(0);

      // As the control plane does: no wider than the runs may be.
      await peer.dispatch(runs.slice(0, 2));
      await peer.dispatch(runs.slice(2));
      const failed = ({ releases }: PeerRun): boolean => releases.some(({ outcome }) => outcome === "failed");
      while (!failed(poison) || neighbours.some(({ result }) => result === null)) {
        await eventually(() => runs.every(({ state }) => state !== "running" && state !== "queued"), within);
        for (const run of runs) if (run.state === "pending" && !failed(run)) await peer.dispatch([run]);
      }
      expect(poison.releases.at(-1)).toMatchObject({ outcome: "failed", final: false });
      expect(poison.releases.slice(0, -1).every(({ outcome }) => outcome === "handed-back")).toBe(true);
      expect(neighbours.map(({ state }) => state)).toEqual(["succeeded", "succeeded", "succeeded"]);
      expect(neighbours.filter(failed)).toEqual([]);
      expect(neighbours.map(({ result }) => result?.metrics)).toEqual(undisturbed.map(({ result }) => result?.metrics));
    },
  );

  it("alone costs its worker thread, and no later run anything", async () => {
    const peer = await startPeer({ extensions: extension });
    startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 2, extensions: extension });
    const [one, two] = [
      await peer.submit("trapping", [trapping(1, "judgement")]),
      await peer.submit("trapping", [trapping(2, "data")]),
    ];
    await eventually(() => [...one, ...two].every(({ releases }) => releases.length === 1), within);
    await expectHealthy(peer);
  });
});

describe("a run whose own program comes to an error", () => {
  const failing = (seed: number, trapIn: string): { seed: number; parameters: Configuration } => ({
    seed,
    parameters: { ...Configuration.parse(MlpParameters.parse({ hiddenLayers: [4], epochs: 400 })), trapIn, fault: "error" },
  });
  const sentence = "There are 9 samples for 20 folds.";

  it.each(["data", "judgement", "plots"])(
    "has failed for good with its first attempt, and one sentence says why: in its %s",
    async (at) => {
      const peer = await startPeer({ extensions: extension });
      const trainer = startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 1, extensions: extension });
      const [run] = await peer.submit("trapping", [failing(1, at)]);
      await eventually(() => run?.releases.length === 1, within);
      expect(run?.releases).toEqual([{ run: run?.run, attempt: 1, outcome: "failed", reason: sentence, final: true }]);
      // Where it was thrown stands in the trainer's log.
      const told = await eventually(() => trainer.log.find(({ msg }) => msg === "a pack failed"));
      expect(told["stack"]).toMatch(/^\s+at .*trapping-experiment/);
    },
  );

  it("is found in its pack before anything is trained: its neighbours go on in their first attempt, to the same bits", async () => {
    const peer = await startPeer({ extensions: extension });
    startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 1, extensions: extension });
    const seeds = [1, 2, 3];
    const undisturbed = await peer.submit(
      "trapping",
      seeds.map((seed) => failing(seed, "never")),
    );
    const runs = await peer.submit("trapping", [failing(9, "data"), ...seeds.map((seed) => failing(seed, "never"))]);
    const [poison, ...neighbours] = runs;
    await eventually(() => [...undisturbed, ...neighbours].every(({ result }) => result !== null), within);
    expect(neighbours.map(({ attempt, releases }) => [attempt, releases])).toEqual(neighbours.map(() => [1, []]));
    expect(neighbours.map(({ result }) => result?.metrics)).toEqual(undisturbed.map(({ result }) => result?.metrics));
    await eventually(() => poison?.releases.length === 1, within);
    expect(poison?.releases).toMatchObject([{ attempt: 1, outcome: "failed", reason: sentence, final: true }]);
  });

  it("is found by halves where it shows only later: that is no fault of its neighbours", async () => {
    const peer = await startPeer({ extensions: extension });
    startTrainer(suite.bundle, suite.nats.joinUrl, { slots: 1, extensions: extension });
    const runs = await peer.submit("trapping", [failing(1, "judgement"), failing(2, "never")]);
    await eventually(() => runs.every(({ releases }) => releases.length === 1), within);
    for (const { releases } of runs) expect(releases).toMatchObject([{ outcome: "handed-back", maxWidth: 1, reason: sentence }]);
    for (const run of runs) await peer.dispatch([run]);
    await eventually(() => runs[1]?.result && runs[0]?.releases.length === 2, within);
    expect(runs[0]?.releases[1]).toMatchObject({ outcome: "failed", final: true });
    expect(runs[1]).toMatchObject({ state: "succeeded", attempt: 2 });
  });
});
