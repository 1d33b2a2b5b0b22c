import { DatasetId, packDataset } from "@basin/contracts";
import { configurationOf, findExperiment } from "@basin/problems";
import { eventually } from "@basin/testing";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ControlPlanePeer, PeerRun } from "./specs/control-plane-peer";
import { canLimitFiles, liftFileLimit, startTrainer } from "./specs/trainer-process";
import { allOver, diagnostic, expectExactSeries, logicGates, spooled } from "./specs/trainer-runs";
import { trainerSuite } from "./specs/trainer-suite";

const suite = trainerSuite();

describe("when the disk under the spool takes no more", () => {
  const withLimits = it.skipIf(!canLimitFiles);

  /** Gives out again what came back, until `until` holds. */
  async function givenOutAgain(peer: ControlPlanePeer, runs: readonly PeerRun[], until: () => boolean): Promise<void> {
    await eventually(
      async () => {
        const back = runs.filter(({ state }) => state === "pending");
        if (back.length > 0) await peer.dispatch(back);
        return until();
      },
      { timeoutSeconds: 60 },
    );
  }

  withLimits(
    "runs whose telemetry it refuses come back with what they had trained, and are whole once there is room",
    async () => {
      const peer = await suite.startPeer();
      const trainer = startTrainer(suite.bundle, suite.nats.joinUrl, { largestFileBytes: 64 * 1024 });
      const runs = await peer.submit("diagnostic", diagnostic(3, { steps: 3000, valuesPerStep: 4 }));
      await givenOutAgain(peer, runs, () => runs.every(({ releases }) => releases.length > 0));
      await eventually(() => peer.heartbeats.some((sign) => sign.v === 2 && sign.waits?.includes("EFBIG") === true));
      // It is there and waits: whoever started it has nothing to start again.
      expect((await fetch(`http://127.0.0.1:${trainer.port()}/ready`)).status).toBe(200);
      liftFileLimit(trainer);
      await givenOutAgain(peer, runs, () => allOver(runs));
      for (const run of runs) {
        expectExactSeries(peer, run, 4);
        expect(new Set(run.releases.map(({ outcome }) => outcome))).toEqual(new Set(["handed-back"]));
        expect(run.releases[0]?.reason).toContain("the trainer's spool failed: EFBIG");
      }
      await eventually(() => spooled(trainer.directory).length === 0);
    },
  );

  withLimits(
    "runs whose artifacts it refuses are trained again, and their artifacts are those of an undisturbed run",
    async () => {
      const peer = await suite.startPeer();
      const parameters = { epochs: 5 };
      const undisturbed = startTrainer(suite.bundle, suite.nats.joinUrl);
      const [straight] = await peer.submit("logic-gates", logicGates(1, parameters));
      await eventually(() => allOver([straight!]), { timeoutSeconds: 30 });
      undisturbed.kill("SIGTERM");
      await undisturbed.exited;
      const trainer = startTrainer(suite.bundle, suite.nats.joinUrl, { largestFileBytes: 16 * 1024 });
      const runs = await peer.submit("logic-gates", logicGates(2, parameters));
      await givenOutAgain(peer, runs, () => runs.every(({ releases }) => releases.length > 1));
      liftFileLimit(trainer);
      await givenOutAgain(peer, runs, () => allOver(runs));
      const [same] = runs;
      expect(same?.result?.metrics).toEqual(straight?.result?.metrics);
      for (const name of straight?.result?.artifacts ?? []) {
        expect(same?.artifacts.get(`${same.attempt}/${name}`), name).toEqual(straight?.artifacts.get(`1/${name}`));
      }
      for (const { releases } of runs) expect(new Set(releases.map(({ outcome }) => outcome))).toEqual(new Set(["handed-back"]));
      await eventually(() => spooled(trainer.directory).length === 0);
    },
  );

  it("a dataset that it cannot keep is used all the same", async () => {
    const peer = await suite.startPeer();
    const id = DatasetId.parse("ab".repeat(32));
    const x = Float64Array.from({ length: 100 }, (_, i) => i / 100);
    const columns = ["x", "y"].map((name) => ({ name, type: "number" as const, values: x, categories: [] }));
    peer.datasets.set(id, packDataset({ id, name: "line.csv", rows: x.length, columns, arrays: [] }));
    const experiment = findExperiment("dataset-regression");
    if (!experiment) throw new Error("dataset-regression is not in the catalogue");
    const parameters = configurationOf(experiment, { dataset: id, targets: ["y"], hiddenLayers: [], epochs: 1 });
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    await eventually(() => peer.registrations.length > 0);
    // Where the folder should be there is a file: every write into it fails.
    writeFileSync(join(trainer.directory, "datasets"), "");
    const [run] = await peer.submit("dataset-regression", [{ seed: 1, parameters }]);
    await eventually(() => run?.result, { timeoutSeconds: 30 });
    expect(run?.releases).toEqual([]);
    expect(trainer.log.some(({ msg }) => String(msg).includes("the copy of a dataset cannot be kept"))).toBe(true);
  });

  it("an artifact that is not what was written is never uploaded: its run is trained again", async () => {
    const peer = await suite.startPeer();
    const directory = mkdtempSync(join(tmpdir(), "basin-trainer-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const first = startTrainer(suite.bundle, suite.nats.joinUrl, { directory });
    let away = true;
    peer.beforeRequest = (name) => {
      if (away && (name === "artifact" || name === "commit")) throw new Error("the database is away");
    };
    const runs = await peer.submit("logic-gates", logicGates(2, { epochs: 5 }));
    const contents = (): string[] => spooled(directory).filter((name) => name.endsWith(".contents"));
    const records = (): string =>
      spooled(directory)
        .filter((name) => name.endsWith(".spool"))
        .map((name) => readFileSync(join(directory, "spool", name), "latin1"))
        .join("");
    await eventually(() => records().split('{"spool":"result"').length === 3, { timeoutSeconds: 30 });
    first.kill("SIGKILL");
    await first.exited;
    const [damaged = ""] = contents();
    const path = join(directory, "spool", damaged);
    const bytes = readFileSync(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    // What versions without checksums left has no use any more.
    writeFileSync(join(directory, "spool", "6f9c1d52-0b7e-4c55-9a38-2f7d1c0e4b11-mqv2x0a1-0.bin"), "nobody's");
    away = false;
    startTrainer(suite.bundle, suite.nats.joinUrl, { directory });
    const victim = runs[Number(/\.(\d+)\.contents$/.exec(damaged)?.[1])];
    const other = runs.find((run) => run !== victim);
    await eventually(() => other?.result && victim?.state === "pending", { timeoutSeconds: 20 });
    expect(victim?.releases).toMatchObject([{ attempt: 1, outcome: "handed-back" }]);
    expect(victim?.releases[0]?.reason).toContain("are not what was written");
    await peer.dispatch([victim!]);
    await eventually(() => allOver(runs), { timeoutSeconds: 20 });
    for (const run of runs) {
      for (const name of run.result?.artifacts ?? []) expect(run.artifacts.has(`${run.attempt}/${name}`), name).toBe(true);
    }
    await eventually(() => spooled(directory).length === 0);
  });
});
