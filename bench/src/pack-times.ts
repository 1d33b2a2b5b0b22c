import type { Configuration } from "@basin/contracts";
import { allowWideVectors, openBackend, type PackProgram } from "@basin/engine";
import { createPackProgram } from "@basin/models";
import { configurationOf, findExperiment, noResources } from "@basin/problems";

/**
 * What a step of one run costs in packs of these widths, on one core, in this process: milliseconds by width and round. All packs are
 * kept, and every round advances each by one step, so that what disturbs the machine disturbs all of them.
 */
export async function packTimes(
  experiment: string,
  parameters: (steps: number) => Configuration,
  widths: readonly number[],
  rounds: number,
): Promise<number[][]> {
  allowWideVectors();
  await openBackend("wasm");
  const definition = findExperiment(experiment);
  if (!definition) throw new Error(`the experiment ${experiment} is not there`);
  const configuration = configurationOf(definition, parameters(rounds + 2));
  const packs: PackProgram[] = [];
  for (const width of widths) {
    const runs = Array.from({ length: width }, (_, index) => ({
      index,
      seed: index,
      attempt: 1,
      parameters: configuration,
      checkpoint: null,
    }));
    const sink = { metric: () => undefined, finished: () => undefined };
    const pack = await createPackProgram(definition.id, runs, sink, noResources);
    // The first step makes what is made once.
    await pack.advance();
    packs.push(pack);
  }
  const milliseconds = widths.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, pack] of packs.entries()) {
      const started = performance.now();
      await pack.advance();
      milliseconds[i]?.push((performance.now() - started) / (widths[i] ?? 1));
    }
  }
  for (const pack of packs) pack.dispose();
  return milliseconds;
}
