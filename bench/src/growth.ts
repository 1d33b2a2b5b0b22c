import { drawGrowth } from "./growth-plot";
import { packTimes } from "./pack-times";
import { mlpCase } from "./peer-cases";
import { figure, type Measurement } from "./report";
import { runSweep, startWarmStack } from "./warm-stack";

const everyWidth = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** Enough to show that it works. */
const fewWidths = [1, 4, 16];

/** Other families, up to the widest pack that their experiments allow. */
const others = [
  {
    experiment: "sindy-pendulum",
    title: "a hundred steps of the SINDy autoencoder",
    widths: [1, 2, 4, 8, 16],
    parameters: (steps: number) => ({ procedure: "source-threshold", pruneEvery: 0, stepsPerBlock: 100, blocks: steps }),
  },
  {
    experiment: "pendulum-images",
    title: "a step of the convolutional autoencoder",
    widths: [1, 2, 4, 8, 16],
    parameters: (steps: number) => ({ epochs: steps, schedule: "constant", plots: false }),
  },
];

/**
 * D: how cost grows. First what a run's epoch costs in packs of every width, on one core, in this process. Then what a run costs in
 * sweeps of as many initializations, from submit to the last commit on a warm stack, where the control plane chooses the packs; and
 * the sweep of 64 once more on one slot, which shows what the second core brings.
 */
export async function growth({ quick }: { quick: boolean }): Promise<Measurement> {
  const measurement: Measurement = { figures: {}, checks: [], rows: [], backend: "wasm" };
  const rounds = quick ? 3 : 15;
  const widths = quick ? fewWidths : everyWidth;
  const widest = widths.at(-1) ?? 1;
  const milliseconds = await packTimes("loss-minimization", (epochs) => ({ epochs, plots: false }), widths, rounds);
  for (const { experiment, title, widths: all, parameters } of others) {
    const some = all.filter((width) => widths.includes(width) && (!quick || width === 1));
    const times = await packTimes(experiment, parameters, some, Math.ceil(rounds / 3));
    for (const [i, width] of some.entries()) {
      measurement.rows.push({ case: "growth", experiment, title, width, milliseconds: figure(times[i] ?? [], "ms") });
    }
  }
  const epochs = quick ? 10 : 100;
  const sweeps = await sweepTimes({ sizes: widths, epochs, rounds: quick ? 1 : 2, slots: 2 });
  const shared = Math.min(64, widest);
  const [onOneSlot = []] = await sweepTimes({ sizes: [shared], epochs, rounds: quick ? 1 : 2, slots: 1 });
  const rows = widths.map((width, i) => ({
    case: "growth",
    experiment: "loss-minimization",
    width,
    epochMilliseconds: figure(milliseconds[i] ?? [], "ms"),
    sweepSecondsPerRun: figure(sweeps[i] ?? [], "s"),
  }));
  measurement.rows.push(...rows);
  const [alone = []] = milliseconds;
  const [aloneInSweep = []] = sweeps;
  for (const width of quick ? [widest] : [64, 256]) {
    const at = widths.indexOf(width);
    measurement.figures[`packOf${width}OverOneByOne`] = figure(ratios(alone, milliseconds[at] ?? []), "times as fast");
    measurement.figures[`sweepOf${width}OverOneByOne`] = figure(ratios(aloneInSweep, sweeps[at] ?? []), "times as fast");
  }
  measurement.figures["twoSlotsOverOne"] = figure(ratios(onOneSlot, sweeps[widths.indexOf(shared)] ?? []), "times as fast");
  const picture = quick ? null : await drawGrowth(rows);
  if (picture !== null) measurement.rows.push({ case: "growth", picture });
  return measurement;
}

/** Round by round. */
function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, round) => value / (below[round] ?? Number.NaN));
}

/** Seconds from submit to the last commit per run, by the sweep's size and round. */
async function sweepTimes(options: {
  sizes: readonly number[];
  epochs: number;
  rounds: number;
  slots: number;
}): Promise<number[][]> {
  const { sizes, epochs, rounds, slots } = options;
  const stack = await startWarmStack({ env: { BASIN_SLOTS: String(slots) } });
  try {
    const { sweep: spec } = mlpCase(false);
    const submit = (count: number) =>
      runSweep(stack.api, {
        ...spec,
        space: { ...spec.space, epochs: { type: "fixed", value: epochs } },
        seeds: { count },
      });
    await submit(2 * slots);
    const times = sizes.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, size] of sizes.entries()) {
        const { submittedAt, endedAt } = await submit(size);
        times[i]?.push((endedAt - submittedAt) / 1000 / size);
      }
    }
    return times;
  } finally {
    await stack.stop();
  }
}
