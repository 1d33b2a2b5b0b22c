import { atMost, figure, type Measurement } from "./report";
import { runSweep, startWarmStack } from "./warm-stack";

/** What Ray Tune's documentation reports for the same test: 715 s where 625 s were ideal. */
const rayOverhead = 715 / 625 - 1;

/**
 * One-second sleeps, each a pack of its own, on 16 slots: what scheduling costs beyond the sleeps themselves. The ideal is sleeps
 * / slots; the overhead is what the sweep took beyond it, from submit to the last commit.
 */
export async function sleeps({ quick }: { quick: boolean }): Promise<Measurement> {
  const slots = 16;
  const runs = quick ? 160 : 10_000;
  const stack = await startWarmStack({ env: { BASIN_SLOTS: String(slots) } });
  try {
    const spec = (count: number, secondsPerStep: number) => ({
      experiment: "diagnostic",
      space: {
        steps: { type: "fixed" as const, value: 1 },
        secondsPerStep: { type: "fixed" as const, value: secondsPerStep },
      },
      seeds: { count },
      maxPackWidth: 1,
    });
    await runSweep(stack.api, spec(64, 0));
    const ideal = runs / slots;
    const took: number[] = [];
    const { submittedAt, endedAt } = await runSweep(stack.api, spec(runs, 1));
    took.push((endedAt - submittedAt) / 1000);
    const overhead = figure(
      took.map((seconds) => seconds / ideal - 1),
      "of the ideal",
    );
    return {
      figures: { sleepOverhead: overhead, sleepSeconds: figure(took, "s"), sleepIdealSeconds: figure([ideal], "s") },
      checks: [
        atMost("sleepOverhead", overhead.value, 0.02),
        atMost("sleepOverhead, Ray Tune's published", overhead.value, rayOverhead),
      ],
      rows: [{ case: "sleeps", runs, slots, seconds: took, idealSeconds: ideal }],
      backend: "none",
    };
  } finally {
    await stack.stop();
  }
}
