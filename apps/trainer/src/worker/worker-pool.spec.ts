import { TrainerId } from "@basin/contracts";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { otherBuildExitCode, type FromWorker, type StartPack, type WorkerData } from "./protocol";
import { WorkerPool, type PackListener } from "./worker-pool";

/** A worker that does what the experiment's name says, and tells its thread's number. */
const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from "node:worker_threads";
    parentPort.on("message", (message) => {
      if (message.experiment === "exit") process.exit(3);
      if (message.experiment === "other build") process.exit(${otherBuildExitCode});
      if (message.experiment === "throw") throw new Error("boom");
      parentPort.postMessage({ type: "progress", step: threadId, runSteps: 0 });
      parentPort.postMessage({ type: "idle", spent: message.experiment === "spend" });
    });
  `)}`,
);
const data: WorkerData = {
  backend: "wasm",
  build: "3fa94c1b20de",
  slotBytes: 2 ** 30,
  unsentBytes: new Int32Array(new SharedArrayBuffer(4)),
};
let otherBuilds = 0;
const pool = new WorkerPool(script, data, pino({ level: "silent" }), () => otherBuilds++);
afterEach(() => pool.close());

async function run(experiment: string): Promise<{ messages: FromWorker[]; deaths: string[] }> {
  const messages: FromWorker[] = [];
  const deaths: string[] = [];
  const listener: PackListener = {
    onMessage: (message) => messages.push(message),
    onDeath: (reason, fault) => deaths.push(`${fault}: ${reason}`),
  };
  const pack: StartPack = {
    type: "start",
    trainer: TrainerId.parse("t"),
    experiment,
    runs: [],
    datasets: [],
    weights: [],
    checkpointSeconds: 1,
  };
  await pool.run(pack, listener).ended;
  return { messages, deaths };
}

describe("the worker pool", () => {
  it("keeps threads, tells of one that dies, and replaces it", async () => {
    const first = await run("work");
    expect(await run("work")).toEqual(first);
    expect(pool.size).toBe(1);
    expect((await run("exit")).deaths).toEqual(["trap: the worker thread ended with code 3"]);
    const thrown = await run("throw");
    expect(thrown.deaths[0]).toMatch(/^trap: the worker thread ended with code 1: boom\n/);
    expect(pool.size).toBe(0);
    const again = await run("work");
    expect(again.deaths).toEqual([]);
    expect(again.messages).not.toEqual(first.messages);
    expect([pool.size, pool.busy]).toEqual([1, 0]);
  });

  it("tells of a thread of another build, whose pack did not fail by its own doing", async () => {
    expect((await run("other build")).deaths).toEqual([]);
    expect(otherBuilds).toBe(1);
  });

  it("uses no thread again that says that it is spent", async () => {
    const first = await run("spend");
    expect(first.deaths).toEqual([]);
    expect([pool.size, pool.busy]).toEqual([0, 0]);
    const second = await run("work");
    expect(second.messages).not.toEqual(first.messages);
    expect(await run("work")).toEqual(second);
    expect([pool.size, pool.busy]).toEqual([1, 0]);
  });
});
