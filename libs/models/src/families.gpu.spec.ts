import { openBackend, openGpu, takeStepsOnGpu, useSoftwareGpu } from "@basin/engine";
import { beforeAll, describe, expect, it } from "vitest";
import { runsOf, subjects, type Subject } from "./testing/conformance-subjects";
import { after, startPack, trainPack, type Recording, type TestRun } from "./testing/recorded-pack";

/** Every family on a GPU, or on the software that plays one, bit by bit against wasm. BASIN_TEST_FAMILY: of one family alone. */
const only = process.env["BASIN_TEST_FAMILY"];
useSoftwareGpu();
const missing: string | null = await openGpu().then(
  () => null,
  (error: unknown) => String(error),
);

/** What is taken on wasm as yet, by the subject's name, and why. */
const onWasm: Readonly<Record<string, string>> = {
  "custom-loss: spelling, alignment": "a step that reads values of its tensors",
  "custom-loss: spelling, places": "a step that reads values of its tensors",
  "custom-loss: spelling, reinforce": "a step that reads values of its tensors",
  "sindy-autoencoder, gauge-scan-polished": "a library with sines, which are TensorFlow.js' own on wasm",
  "sindy-autoencoder, source-threshold": "a library with sines, which are TensorFlow.js' own on wasm",
  "mlp with an output penalty: divergence of neighbours": "the kernel Exp",
  "mlp with an output penalty: costs": "the kernel Exp",
};

async function onGpu<T>(schedule: "grid" | "fused", train: () => Promise<T>): Promise<{ trained: T; refused: string[] }> {
  const refused: string[] = [];
  takeStepsOnGpu({ rounding: "apart", schedule, refused: (reason) => refused.push(reason) });
  const trained = await train().finally(() => {
    takeStepsOnGpu(null);
  });
  return { trained, refused: [...new Set(refused)] };
}

const chosen = subjects.filter(({ family }) => only === undefined || family === only);

describe.skipIf(missing !== null)(`families on a GPU${missing === null ? "" : `: ${missing}`}`, () => {
  beforeAll(() => openBackend("wasm"));

  it.each(chosen)("$name: a pack of three has wasm's bits", async ({ name, definition, ...subject }: Subject) => {
    const runs = runsOf({ name, definition, ...subject }, 3);
    const wasm = await trainPack(definition, runs);
    const { trained, refused } = await onGpu("grid", () => trainPack(definition, runs));
    expect(refused).toEqual(onWasm[name] === undefined ? [] : [onWasm[name]]);
    expect(trained).toEqual(wasm);
  });

  const narrow = chosen.filter(({ name }) => ["adagrad, no hidden layer", "pinn, physical parameter"].includes(name));
  it.each(narrow)("$name: alone, among other neighbours, after a resume and in the fused schedule", async (subject) => {
    const { definition, steps } = subject;
    const runs = runsOf(subject, 5);
    const [, own] = runs as [TestRun, TestRun];
    const [, wanted] = (await trainPack(definition, runs)) as [Recording, Recording];
    const alone = await onGpu("grid", () => trainPack(definition, [own]));
    expect(alone.trained).toEqual([wanted]);
    const fused = await onGpu("fused", () => trainPack(definition, runs.slice(0, 2)));
    expect(fused.trained[1]).toEqual(wanted);
    const resumed = await onGpu("grid", async () => {
      const first = await startPack(definition, runs);
      for (let step = 0; step < steps / 2; step++) await first.program.advance();
      first.program.drop(3);
      await first.program.advance();
      const checkpoint = await first.program.checkpoint(1);
      const step = first.program.step(1);
      first.program.dispose();
      const second = await startPack(definition, [...runs.slice(3), { ...own, checkpoint, attempt: 2 }]);
      await second.finish();
      return { recording: second.recordings[2], step };
    });
    expect(resumed.trained.recording).toEqual(after(wanted, resumed.trained.step));
  });
});
