import { artifactPartBytes, DatasetId, packDataset } from "@basin/contracts";
import { configurationOf, findExperiment } from "@basin/problems";
import { eventually } from "@basin/testing";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PeerRun } from "./specs/control-plane-peer";
import { startTrainer } from "./specs/trainer-process";
import { trainerSuite } from "./specs/trainer-suite";

const suite = trainerSuite();

describe("artifacts larger than 64 MiB", () => {
  const mebibytes64 = 64 * 1024 * 1024;
  const experiment = findExperiment("dataset-regression");
  const id = DatasetId.parse("ab".repeat(32));
  const x = Float64Array.from({ length: 8 }, (_, i) => i / 8);
  const columns = ["x", "y"].map((name) => ({ name, type: "number" as const, values: x, categories: [] }));
  const dataset = packDataset({ id, name: "line.csv", rows: x.length, columns, arrays: [] });
  const wide = (width: number, epochs: number) => {
    if (!experiment) throw new Error("dataset-regression is not in the catalogue");
    const changes = { dataset: id, targets: ["y"], hiddenLayers: [width, width], epochs, batchSize: 0 };
    return { seed: 1, parameters: configurationOf(experiment, changes) };
  };
  /** 4096² weights of 4 bytes are 64 MiB; the others make it more. */
  const wideWeights = wide(4096, 1);
  const weightsOf = (run: PeerRun | undefined) => run?.artifacts.get(`${run.attempt}/weights.safetensors`) ?? Buffer.alloc(0);

  it("checkpoints: a run goes on from one to the same bits", async () => {
    const peer = await suite.startPeer();
    peer.datasets.set(id, dataset);
    startTrainer(suite.bundle, suite.nats.url);
    const [straight] = await peer.submit("dataset-regression", [wide(2400, 8)]);
    await eventually(() => straight?.result, { timeoutSeconds: 90 });
    const [again] = await peer.submit("dataset-regression", [wide(2400, 8)]);
    await eventually(() => (again?.chunks.size ?? 0) > 0, { timeoutSeconds: 60 });
    peer.wish(again!, "hand-back", true);
    await eventually(() => again?.state === "pending", { timeoutSeconds: 60 });
    // Weights and the optimizer's two moments.
    expect(again?.checkpoint?.content.length).toBeGreaterThan(mebibytes64);
    await peer.dispatch([again!]);
    await eventually(() => again?.result, { timeoutSeconds: 90 });
    expect(again?.attempt).toBe(2);
    expect(weightsOf(straight).length).toBeGreaterThan(20_000_000);
    expect(weightsOf(again).equals(weightsOf(straight))).toBe(true);
  });

  it("weights: uploaded in full, from where the upload stopped when the trainer dies in the middle of it", async () => {
    const peer = await suite.startPeer();
    peer.datasets.set(id, dataset);
    const directory = mkdtempSync(join(tmpdir(), "basin-trainer-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const first = startTrainer(suite.bundle, suite.nats.joinUrl, { directory });
    const [run] = await peer.submit("dataset-regression", [wideWeights]);
    await eventually(() => peer.partsReceived > 60, { timeoutSeconds: 90, everyMilliseconds: 1 });
    first.kill("SIGKILL");
    await first.exited;
    expect(run?.result).toBeNull();
    const before = peer.partsReceived;
    startTrainer(suite.bundle, suite.nats.joinUrl, { directory });
    await eventually(() => run?.result, { timeoutSeconds: 90 });
    expect(run).toMatchObject({ attempt: 1, state: "succeeded" });
    expect(weightsOf(run).length).toBeGreaterThan(mebibytes64);
    const parts = Math.ceil(weightsOf(run).length / artifactPartBytes);
    const others = (run?.result?.artifacts.length ?? 0) - 1;
    // Whatever else it stores is small; the first part and those that were on their way come again.
    expect(peer.partsReceived - before).toBeLessThan(parts - before + 2 * others + 10);
  });

  it("a run ends well without its weights where they are too large for the control plane, and says so", async () => {
    const peer = await suite.startPeer({ largestArtifactBytes: mebibytes64 });
    peer.datasets.set(id, dataset);
    const trainer = startTrainer(suite.bundle, suite.nats.url);
    const [run] = await peer.submit("dataset-regression", [wideWeights]);
    await eventually(() => run?.result, { timeoutSeconds: 90 });
    expect(run).toMatchObject({ attempt: 1, state: "succeeded" });
    expect(run?.result?.artifacts).not.toContain("weights.safetensors");
    expect(run?.result?.reason).toBe(`weights.safetensors is not kept: at most ${mebibytes64} bytes are kept`);
    await eventually(() => readdirSync(join(trainer.directory, "spool")).length === 0);
  });
});
