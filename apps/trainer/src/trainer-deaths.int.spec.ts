import { eventually } from "@basin/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PeerRun } from "./specs/control-plane-peer";
import { startTrainer } from "./specs/trainer-process";
import { allOver, diagnostic, expectExactSeries, spooled } from "./specs/trainer-runs";
import { trainerSuite } from "./specs/trainer-suite";

const suite = trainerSuite();

describe("when something dies", () => {
  it("NATS loses its whole store: training goes on and nothing is missing in the end", async () => {
    const peer = await suite.startPeer();
    startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(4, { steps: 200, secondsPerStep: 0.01 }));
    await eventually(() => runs.every(({ chunks }) => chunks.size > 0));
    await suite.nats.wipe();
    await eventually(() => allOver(runs), { timeoutSeconds: 30 });
    for (const run of runs) expectExactSeries(peer, run);
    expect(runs.every(({ attempt }) => attempt === 1)).toBe(true);
    const [next] = await peer.submit("diagnostic", diagnostic(1, { steps: 3 }));
    await eventually(() => allOver([next!]));
  });

  it("the control plane is away: results wait in the spool and are committed afterwards", async () => {
    const peer = await suite.startPeer();
    startTrainer(suite.bundle, suite.nats.joinUrl);
    let away = false;
    let commits = 0;
    peer.beforeRequest = (name) => {
      if (!away || name === "heartbeat") return;
      if (name === "commit") commits += 1;
      throw new Error("the database is away");
    };
    const runs = await peer.submit("diagnostic", diagnostic(3, { steps: 20, secondsPerStep: 0.01 }));
    await eventually(() => runs.every(({ state }) => state === "running"));
    away = true;
    await eventually(() => commits >= 2, { timeoutSeconds: 30, what: "results are sent, refused and sent again" });
    expect(runs.some(({ result }) => result !== null)).toBe(false);
    away = false;
    await eventually(() => allOver(runs));
    for (const run of runs) expectExactSeries(peer, run);
  });

  it("the trainer, after training and before the commit: the next process on its directory repeats the commit", async () => {
    const peer = await suite.startPeer();
    const directory = mkdtempSync(join(tmpdir(), "basin-trainer-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const first = startTrainer(suite.bundle, suite.nats.joinUrl, { directory });
    let away = true;
    const asked: string[] = [];
    peer.beforeRequest = (name) => {
      asked.push(name);
      if (away && name === "commit") throw new Error("the database is away");
    };
    peer.lose = ({ chunk }) => away && chunk === 0;
    const over = await peer.submit("diagnostic", diagnostic(2, { steps: 10 }));
    await eventually(() => asked.includes("commit"));
    const [training] = await peer.submit("diagnostic", diagnostic(1, { steps: 1000, secondsPerStep: 0.01 }));
    const isHeld = (): boolean =>
      peer.heartbeats.some(({ packs }) => packs.some(({ runs }) => runs.some(({ run }) => run === training?.run)));
    await eventually(isHeld);
    first.kill("SIGKILL");
    expect(await first.exited).toBe("SIGKILL");
    away = false;
    startTrainer(suite.bundle, suite.nats.joinUrl, { directory });
    await eventually(() => allOver(over), { timeoutSeconds: 20 });
    for (const run of over) {
      expect(run.attempt).toBe(1);
      expectExactSeries(peer, run);
    }
    await eventually(() => training?.releases.length === 1);
    expect(training?.releases[0]).toMatchObject({
      outcome: "failed",
      reason: "the trainer process ended in the middle of training",
    });
    expect(new Set(peer.registrations.map(({ trainer }) => trainer)).size).toBe(1);
    await eventually(() => spooled(directory).length === 0);
  });

  it("SIGTERM: checkpoints, hands back and exits with 0; another trainer finishes from there", async () => {
    const peer = await suite.startPeer();
    const first = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(2, { steps: 100, secondsPerStep: 0.01 }));
    await eventually(() => runs.every(({ chunks }) => chunks.size > 0));
    const startedAt = performance.now();
    first.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(runs.map(({ releases }) => releases[0]?.outcome)).toEqual(["handed-back", "handed-back"]);
    expect(runs.every(({ checkpoint }) => (checkpoint?.step ?? 0) > 0)).toBe(true);
    expect(peer.heartbeats.at(-1)?.draining).toBe(true);
    startTrainer(suite.bundle, suite.nats.joinUrl);
    await peer.dispatch(runs);
    await eventually(() => allOver(runs));
    for (const run of runs) expectExactSeries(peer, run);
  });

  it("SIGTERM while NATS is away: exits within 5 s", async () => {
    const peer = await suite.startPeer();
    const trainer = startTrainer(suite.bundle, suite.nats.joinUrl);
    const [run] = await peer.submit("diagnostic", diagnostic(1, { steps: 10_000, secondsPerStep: 0.01 }));
    await eventually(() => run!.chunks.size > 0);
    await suite.nats.stop();
    const startedAt = performance.now();
    trainer.kill("SIGTERM");
    expect(await trainer.exited).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(6000);
  });
});

describe("checkpoints", () => {
  it("are written at the interval with the run's history, and a crashed trainer's run continues from the newest", async () => {
    const peer = await suite.startPeer({ checkpointSeconds: 0.3 });
    const first = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(3, { steps: 150, secondsPerStep: 0.01 }));
    await eventually(() => runs.every(({ checkpoint }) => checkpoint !== null));
    first.kill("SIGKILL");
    await first.exited;
    for (const run of runs) run.state = "pending";
    startTrainer(suite.bundle, suite.nats.joinUrl);
    await peer.dispatch(runs);
    await eventually(() => allOver(runs));
    for (const run of runs) {
      expect(run.attempt).toBe(2);
      expectExactSeries(peer, run);
    }
  });

  it("of a pack of eight whose step is longer than the interval are never more than two steps behind, and no more is lost by a kill", async () => {
    const peer = await suite.startPeer({ checkpointSeconds: 0.2 });
    const first = startTrainer(suite.bundle, suite.nats.joinUrl);
    const runs = await peer.submit("diagnostic", diagnostic(8, { steps: 16, secondsPerStep: 0.4 }));
    /** Steps that a run would train again if its trainer died now. */
    const lossOf = (run: PeerRun): number => {
      const reached = run.chunks.size > 0 ? (peer.series(run, "value0").steps.at(-1) ?? 0) : 0;
      return reached - (run.checkpoint?.step ?? 0);
    };
    let worst = 0;
    await eventually(
      () => {
        worst = Math.max(worst, ...runs.map(lossOf));
        return runs.every(({ checkpoint }) => (checkpoint?.step ?? 0) >= 6);
      },
      { everyMilliseconds: 10 },
    );
    expect(worst).toBeLessThanOrEqual(2);
    first.kill("SIGKILL");
    await first.exited;
    expect(Math.max(...runs.map(lossOf))).toBeLessThanOrEqual(2);
    const resumed = runs.map(({ checkpoint }) => checkpoint?.step ?? 0);
    for (const run of runs) run.state = "pending";
    startTrainer(suite.bundle, suite.nats.joinUrl);
    await peer.dispatch(runs);
    await eventually(() => allOver(runs));
    for (const run of runs) expectExactSeries(peer, run);
    expect(Math.min(...resumed)).toBeGreaterThanOrEqual(6);
  });
});
