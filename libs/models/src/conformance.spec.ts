import type { Configuration } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { configurationOf, type ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { modelFamilies } from "./registry";
import { after, startPack, trainPack, type TestRun } from "./testing/recorded-pack";
import { diagnostic, logicGates, lossMinimization, smallNetwork } from "./testing/small-experiments";

/** What a family must show; a new family adds one entry here. */
interface Subject {
  family: string;
  name: string;
  definition: ExperimentDefinition;
  /** Parameters of the i-th run: whatever may differ within a pack does. */
  parameters(i: number): Configuration;
  steps: number;
}

const rates = [1e-3, 3e-2, 1e-2];
const initializations = ["torch-default", "near-zero", "he-normal", "glorot-uniform"];
const mlp = (name: string, changes: Configuration): Subject => ({
  family: "mlp",
  name,
  definition: lossMinimization,
  parameters: (i) =>
    smallNetwork({
      learningRate: rates[i % 3] ?? 0,
      initialization: initializations[i % 4] ?? "",
      momentum: 0.5 + 0.1 * (i % 5),
      ...changes,
    }),
  steps: 6,
});

const subjects: Subject[] = [
  mlp("adam, tanh", {}),
  mlp("rmsprop, gelu, best weights", { optimizer: "rmsprop", activation: "gelu", restoreBestWeights: true }),
  mlp("nesterov, sine, full batch", { optimizer: "nesterov", activation: "sine", batchSize: 0, validationFraction: 0 }),
  mlp("adagrad, no hidden layer", { optimizer: "adagrad", hiddenLayers: [] }),
  {
    family: "mlp",
    name: "logic gates",
    definition: logicGates,
    parameters: (i) => configurationOf(logicGates, { epochs: 6, learningRate: rates[i % 3] ?? 0 }),
    steps: 6,
  },
  {
    family: "diagnostic",
    name: "diagnostic",
    definition: diagnostic,
    parameters: (i) => configurationOf(diagnostic, { steps: 6, valuesPerStep: 2, level: i, checkpointBytes: 5 }),
    steps: 6,
  },
];

function runsOf(subject: Subject, width: number): TestRun[] {
  return Array.from({ length: width }, (_, i) => ({ seed: 100 + i, parameters: subject.parameters(i) }));
}

beforeAll(async () => {
  await openBackend("wasm");
});

it("covers every family", () => {
  expect(new Set(subjects.map(({ family }) => family))).toEqual(new Set(modelFamilies.map(({ id }) => id)));
});

describe.each(subjects)("$name", (subject) => {
  const { definition, steps } = subject;

  it("gives a run the same bits alone and in packs of 2, 5 and 45", async () => {
    const wide = await trainPack(definition, runsOf(subject, 45));
    for (const width of [1, 2, 5]) {
      const narrow = await trainPack(definition, runsOf(subject, width));
      narrow.forEach((recording, i) => expect(recording).toEqual(wide[i]));
    }
    const [last] = await trainPack(definition, runsOf(subject, 45).slice(44));
    expect(last).toEqual(wide[44]);
    for (const recording of wide) {
      expect(recording.result?.outcome).toBe("succeeded");
      for (const points of Object.values(recording.series)) {
        expect(points.map(([step]) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
      }
    }
    expect(new Set(wide.map(({ series }) => JSON.stringify(series))).size).toBe(45);
  });

  it("does not change when a neighbour is dropped", async () => {
    const whole = await trainPack(definition, runsOf(subject, 4));
    for (const leaver of [0, 2]) {
      const pack = await startPack(definition, runsOf(subject, 4));
      await pack.program.advance();
      await pack.program.advance();
      pack.program.drop(leaver);
      expect(pack.program.active()).toEqual([0, 1, 2, 3].filter((run) => run !== leaver));
      await pack.finish();
      expect(pack.recordings[leaver]?.result).toBeNull();
      for (const stayed of [0, 1, 2, 3].filter((run) => run !== leaver)) expect(pack.recordings[stayed]).toEqual(whole[stayed]);
    }
  });

  it("continues from a checkpoint of any step among other neighbours", async () => {
    const runs = runsOf(subject, 3);
    const whole = await trainPack(definition, runs);
    for (let step = 0; step < steps; step++) {
      const first = await startPack(definition, runs);
      for (let i = 0; i < step; i++) await first.program.advance();
      expect(first.program.step(1)).toBe(step);
      const checkpoint = first.program.checkpoint(1);
      first.program.dispose();
      const strangers = runsOf(subject, 7).slice(5);
      const second = await startPack(definition, [strangers[0]!, { ...runs[1]!, checkpoint, attempt: 2 }, strangers[1]!]);
      expect(second.program.step(1)).toBe(step);
      await second.finish();
      expect(second.recordings[1]).toEqual(after(whole[1]!, step));
    }
  });

  it("refuses an unknown run, and disposes twice without harm", async () => {
    const { program } = await startPack(definition, runsOf(subject, 2));
    program.drop(1);
    expect(() => program.checkpoint(1)).toThrow("Run 1 is not in this pack any more.");
    expect(() => program.step(7)).toThrow("Run 7 is not in this pack any more.");
    program.dispose();
    program.dispose();
    expect(program.active()).toEqual([]);
  });

  it("leaves no tensor behind after 200 packs", async () => {
    const before = tf.memory();
    for (let i = 0; i < 200; i++) {
      const pack = await startPack(definition, runsOf(subject, 1 + (i % 2)));
      await pack.program.advance();
      pack.program.checkpoint(0);
      if (i % 3 === 0) pack.program.drop(0);
      if (i % 40 === 0) await pack.finish();
      pack.program.dispose();
    }
    expect(tf.memory()).toEqual(before);
  });
});
