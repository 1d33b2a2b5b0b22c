import { BuildId, RunId, TrainerId } from "@basin/contracts";
import type { PackProgram, PackRun } from "@basin/engine";
import { UntrainableError } from "@basin/problems";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { writeCheckpoint } from "./checkpoint-file";
import { PackTraining } from "./pack-training";
import type { FromWorker, PackFault } from "./protocol";

const build = BuildId.parse("3fa94c1b20de");

class Fault extends Error {
  constructor(readonly fault: PackFault) {
    super(`a ${fault}`);
  }
}

interface Behaviour {
  /** Fails when it is created, at its first step, or when its tensors are given back. */
  fails?: { at: "create" | "advance" | "dispose"; fault: PackFault };
  /** Tensors that are left when it is over. */
  leaves?: number;
  /** The runs come with checkpoints, and creation fails only while they do. */
  resumed?: boolean;
  /** Creation throws this for these runs, alone or with others. */
  refuses?: { runs: number[]; error: Error };
}

interface Trained {
  /** Whether the thread can be used again. */
  usable: boolean;
  posted: FromWorker[];
  /** Of each program that was asked for, whether with checkpoints. */
  created: boolean[];
  disposed: boolean;
}

/** Trains a pack of two that ends at its first step. */
async function train({ fails, leaves = 0, resumed = false, refuses }: Behaviour): Promise<Trained> {
  const checkpoint = resumed
    ? writeCheckpoint({ step: 3, trainSeconds: 1, program: new Uint8Array(8), history: [], build })
    : null;
  const posted: FromWorker[] = [];
  let tensors = 5;
  let disposed = false;
  const created: boolean[] = [];
  const program = (runs: readonly PackRun[], finish: (run: number) => void): PackProgram => {
    let active = runs.map(({ index }) => index);
    return {
      active: () => active,
      step: () => 1,
      advance: () => {
        if (fails?.at === "advance") throw new Fault(fails.fault);
        for (const run of active) finish(run);
        active = [];
        return Promise.resolve(false);
      },
      checkpoint: () => new Uint8Array(8),
      drop: () => undefined,
      dispose: () => {
        if (fails?.at === "dispose") throw new Fault(fails.fault);
        disposed = true;
        tensors = 5 + leaves;
      },
    };
  };
  const training = new PackTraining(
    {
      type: "start",
      trainer: TrainerId.parse("t"),
      experiment: "diagnostic",
      runs: [0, 1].map((seed) => ({
        run: RunId.parse(`k3v9x2mq-0-${seed}`),
        attempt: 1,
        seed,
        parameters: {},
        checkpoint,
      })),
      datasets: [],
      weights: [],
      checkpointSeconds: 10,
    },
    {
      createProgram: (_, runs, sink) => {
        const continues = runs.some((run) => run.checkpoint !== null);
        created.push(continues);
        if (fails?.at === "create" && continues === resumed) throw new Fault(fails.fault);
        if (refuses && runs.some(({ index }) => refuses.runs.includes(index))) throw refuses.error;
        tensors = 9;
        return Promise.resolve(
          program(runs, (run) => sink.finished(run, { outcome: "succeeded", metrics: {}, reason: null, artifacts: [] })),
        );
      },
      post: (message) => posted.push(message),
      takeMessages: () => [],
      unsentBytes: new Int32Array(new SharedArrayBuffer(4)),
      build,
      heap: {
        bytes: () => null,
        tensors: () => tensors,
        slotBytes: 1e9,
        faultOf: (error) => (error instanceof Fault ? error.fault : "error"),
      },
    },
  );
  return { usable: await training.train(), posted, disposed, created };
}

const failures = (posted: readonly FromWorker[]): FromWorker[] => posted.filter(({ type }) => type === "failed");

describe("the thread of a pack", () => {
  it("is kept after a pack that succeeded", async () => {
    const { usable, posted, disposed } = await train({});
    expect({ usable, disposed, failed: failures(posted) }).toEqual({ usable: true, disposed: true, failed: [] });
  });

  it("is kept after an error that left no tensor behind", async () => {
    const { usable, posted, disposed } = await train({ fails: { at: "advance", fault: "error" } });
    expect({ usable, disposed }).toEqual({ usable: true, disposed: true });
    expect(failures(posted)).toMatchObject([{ runs: [0, 1], fault: "error", message: "a error" }]);
  });

  it.each([
    ["what it needed was not to be had", { fails: { at: "create", fault: "machine" } }],
    ["its tensors did not fit", { fails: { at: "advance", fault: "memory" } }],
    ["a kernel trapped", { fails: { at: "advance", fault: "trap" } }],
    ["a kernel trapped while the pack was made", { fails: { at: "create", fault: "trap" } }],
    ["the tensors could not be given back", { fails: { at: "dispose", fault: "trap" } }],
    ["an error left tensors behind", { fails: { at: "advance", fault: "error" }, leaves: 1 }],
    ["creation trapped with checkpoints", { fails: { at: "create", fault: "trap" }, resumed: true }],
  ] satisfies [string, Behaviour][])("is given up when %s", async (_, behaviour) => {
    const { usable, posted, created, disposed } = await train(behaviour);
    expect(usable).toBe(false);
    const { at, fault } = behaviour.fails;
    expect(created.length).toBe(1);
    expect(failures(posted)).toMatchObject(at === "dispose" ? [] : [{ runs: [0, 1], fault }]);
    // Of a heap that cannot be trusted nothing is given back: that could trap again.
    expect(disposed).toBe(at !== "dispose" && fault === "error");
  });

  it("is kept when checkpoints were refused and the runs started afresh, unless that left something behind", async () => {
    const refused: Behaviour = { fails: { at: "create", fault: "error" }, resumed: true };
    const fresh = await train(refused);
    expect(fresh).toMatchObject({ usable: true, created: [true, false] });
    expect(fresh.posted.find(({ type }) => type === "warning")).toMatchObject({ runs: [0, 1] });
    expect(failures(fresh.posted)).toEqual([]);
    expect(await train({ ...refused, leaves: 1 })).toMatchObject({ usable: false, created: [true, false] });
  });
});

describe("a run that cannot be begun", () => {
  const error = new UntrainableError("There are 9 samples\n for 20 folds.", "folds");
  const finished = (posted: readonly FromWorker[]): number[] =>
    posted.flatMap((message) => (message.type === "finished" ? message.results.map(({ run }) => run) : []));

  it("is found in its pack and named with its own error, and its neighbours train in the same attempt", async () => {
    const { posted, usable } = await train({ refuses: { runs: [1], error } });
    expect(failures(posted)).toMatchObject([{ runs: [1], fault: "error", message: "There are 9 samples for 20 folds." }]);
    expect(finished(posted)).toEqual([0]);
    expect(usable).toBe(true);
  });

  it("is told of each run of a pack that consists of such", async () => {
    const { posted } = await train({ refuses: { runs: [0, 1], error } });
    expect(failures(posted).map((message) => message.type === "failed" && message.runs)).toEqual([[0], [1]]);
    expect(finished(posted)).toEqual([]);
  });

  it("is named by path and message where a schema refuses its parameters", async () => {
    const { error: refused } = z.object({ layers: z.array(z.number()) }).safeParse({ layers: [1, "two"] });
    const { posted } = await train({ refuses: { runs: [0], error: refused ?? error } });
    const [failure] = failures(posted);
    expect(failure?.type === "failed" && failure.message).toMatch(/^layers\[1\]: [^\n{]*$/);
  });
});
