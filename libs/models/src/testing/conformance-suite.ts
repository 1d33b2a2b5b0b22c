import { openBackend } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { runsOf, type Subject } from "./conformance-subjects";
import { after, startPack, trainPack, type Recording } from "./recorded-pack";
import { bitwise, expectCloseTraining, expectSameTraining, openSuiteBackend, suiteBackend } from "./suite-backend";

/** BASIN_TEST_BACKEND=tensorflow|webgpu: the same suite with that backend's tolerance, and narrower where software plays the GPU. */
const widest = bitwise ? 17 : 9;
/** Hundreds are tried in pack-memory.spec.ts. */
const packs = 12;

/** What every family must keep to, tried on each of these. */
export function conformance(subjects: readonly Subject[]): void {
  if (!bitwise) vi.setConfig({ testTimeout: 900_000 });
  beforeAll(openSuiteBackend);

  describe.each(subjects)("$name", (subject) => {
    const { definition, steps } = subject;
    let trained: Promise<Recording[]> | null = null;
    /** What the runs report in the widest pack, trained once; the others are held against it. */
    const inWidestPack = (): Promise<Recording[]> => (trained ??= trainPack(definition, runsOf(subject, widest)));

    it(`gives a run the same ${bitwise ? "bits" : "numbers"} alone and in packs of 2, 5 and ${widest}`, async () => {
      const wide = await inWidestPack();
      for (const width of [1, 2, 5]) {
        const narrow = await trainPack(definition, runsOf(subject, width));
        narrow.forEach((recording, i) => expectSameTraining(recording, wide[i]));
      }
      const [last] = await trainPack(definition, runsOf(subject, widest).slice(widest - 1));
      expectSameTraining(last, wide[widest - 1]);
      for (const recording of wide) {
        expect(recording.result?.outcome).toBe("succeeded");
        for (const points of Object.values(recording.series)) {
          expect(points.map(([step]) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
        }
      }
      expect(new Set(wide.map(({ series }) => JSON.stringify(series))).size).toBe(widest);
    });

    it("does not change when a neighbour is dropped", async () => {
      const whole = await inWidestPack();
      for (const leaver of [0, 2]) {
        const pack = await startPack(definition, runsOf(subject, 4));
        await pack.program.advance();
        await pack.program.advance();
        pack.program.drop(leaver);
        expect(pack.program.active()).toEqual([0, 1, 2, 3].filter((run) => run !== leaver));
        await pack.finish();
        expect(pack.recordings[leaver]?.result).toBeNull();
        for (const stayed of [0, 1, 2, 3].filter((run) => run !== leaver)) {
          expectSameTraining(pack.recordings[stayed], whole[stayed]);
        }
      }
    });

    it("continues from a checkpoint of any step among other neighbours", async () => {
      const runs = runsOf(subject, 3);
      const whole = await inWidestPack();
      for (let step = 0; step < steps; step += suiteBackend === "webgpu" ? 3 : 1) {
        const first = await startPack(definition, runs);
        for (let i = 0; i < step; i++) await first.program.advance();
        expect(first.program.step(1)).toBe(step);
        const checkpoint = await first.program.checkpoint(1);
        first.program.dispose();
        const strangers = runsOf(subject, 7).slice(5);
        const second = await startPack(definition, [strangers[0]!, { ...runs[1]!, checkpoint, attempt: 2 }, strangers[1]!]);
        expect(second.program.step(1)).toBe(step);
        await second.finish();
        expectSameTraining(second.recordings[1], after(whole[1]!, step));
      }
    });

    it.skipIf(bitwise)("gives what wasm gives, within the tolerance", async () => {
      const here = await trainPack(definition, runsOf(subject, 3));
      await openBackend("wasm");
      const there = await trainPack(definition, runsOf(subject, 3));
      await openSuiteBackend();
      here.forEach((recording, i) => expectCloseTraining(recording, there[i]));
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

    it(`leaves no tensor behind after ${packs} packs`, async () => {
      const before = tf.memory();
      for (let i = 0; i < packs; i++) {
        const pack = await startPack(definition, runsOf(subject, 1 + (i % 2)));
        await pack.program.advance();
        await pack.program.checkpoint(0);
        if (i % 3 === 0) pack.program.drop(0);
        if (i % 6 === 0) await pack.finish();
        pack.program.dispose();
      }
      expect(tf.memory()).toEqual(before);
    });
  });
}
