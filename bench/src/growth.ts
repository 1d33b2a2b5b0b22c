import { openBackend, type PackProgram } from "@basin/engine";
import { createPackProgram } from "@basin/models";
import { configurationOf, findExperiment, noResources } from "@basin/problems";
import { drawGrowth } from "./growth-plot";
import { mlpCase } from "./peer-cases";
import { figure, type Measurement } from "./report";
import { runSweep, startWarmStack } from "./warm-stack";

const widths = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/**
 * D: how cost grows. First what a run's epoch costs in packs of every width, on one core, in this process: every round advances each
 * pack by one epoch. Then what a run costs in sweeps of as many initializations, from submit to the last commit on a warm stack,
 * where the control plane chooses the packs.
 */
export async function growth({ quick }: { quick: boolean }): Promise<Measurement> {
  const measurement: Measurement = { figures: {}, checks: [], rows: [], backend: "wasm" };
  const packs = await packTimes(quick ? 3 : 15);
  const sweeps = await sweepTimes(quick ? 10 : 100, quick ? 1 : 2);
  const rows = widths.map((width, i) => ({
    case: "growth",
    width,
    epochMilliseconds: figure(packs[i] ?? [], "ms"),
    sweepSecondsPerRun: figure(sweeps[i] ?? [], "s"),
  }));
  measurement.rows.push(...rows);
  for (const width of [64, 256]) {
    const alone = packs[0] ?? [];
    const wide = packs[widths.indexOf(width)] ?? [];
    measurement.figures[`packOf${width}OverOneByOne`] = figure(
      alone.map((time, round) => time / (wide[round] ?? Number.NaN)),
      "times as fast",
    );
    const lonely = figure(sweeps[0] ?? [], "s").value ?? Number.NaN;
    measurement.figures[`sweepOf${width}OverOneByOne`] = figure(
      (sweeps[widths.indexOf(width)] ?? []).map((time) => lonely / time),
      "times as fast",
    );
  }
  const picture = await drawGrowth(rows);
  if (picture !== null) measurement.rows.push({ case: "growth", picture });
  return measurement;
}

/** Milliseconds per epoch and run, by width and round. */
async function packTimes(rounds: number): Promise<number[][]> {
  await openBackend("wasm");
  const definition = findExperiment("loss-minimization");
  if (!definition) throw new Error("the experiment loss-minimization is not there");
  const parameters = configurationOf(definition, { epochs: rounds + 2, plots: false });
  const packs: PackProgram[] = [];
  for (const width of widths) {
    const runs = Array.from({ length: width }, (_, index) => ({ index, seed: index, attempt: 1, parameters, checkpoint: null }));
    const sink = { metric: () => undefined, finished: () => undefined };
    packs.push(await createPackProgram(definition.id, runs, sink, noResources));
  }
  const times = widths.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, pack] of packs.entries()) {
      const started = performance.now();
      await pack.advance();
      // The first round makes what is made once.
      if (round > 0) times[i]?.push((performance.now() - started) / (widths[i] ?? 1));
    }
  }
  for (const pack of packs) pack.dispose();
  return times;
}

/** Seconds from submit to the last commit per run, by the sweep's size and round. */
async function sweepTimes(epochs: number, rounds: number): Promise<number[][]> {
  const stack = await startWarmStack();
  try {
    const { sweep: spec } = mlpCase(false);
    const submit = (count: number) =>
      runSweep(stack.api, {
        ...spec,
        space: { ...spec.space, epochs: { type: "fixed", value: epochs } },
        seeds: { count },
      });
    await submit(2);
    const times = widths.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, width] of widths.entries()) {
        const { submittedAt, endedAt } = await submit(width);
        times[i]?.push((endedAt - submittedAt) / 1000 / width);
      }
    }
    return times;
  } finally {
    await stack.stop();
  }
}
