import type { Configuration } from "@basin/contracts";
import type { PackProgram, PackResources, PackRun, ProgramResult } from "@basin/engine";
import { noResources, type ExperimentDefinition } from "@basin/problems";
import { modelFamilies } from "../registry";

/** One run for a test; its index is its place in the pack. */
export interface TestRun {
  seed: number;
  parameters: Configuration;
  attempt?: number;
  checkpoint?: Uint8Array;
}

/** Everything that a run reported. */
export interface Recording {
  series: Record<string, [step: number, value: number][]>;
  result: ProgramResult | null;
}

/** A pack whose reports are kept, by the run's index. */
export interface RecordedPack {
  program: PackProgram;
  recordings: Recording[];
  /** Advances until no run is left. */
  finish(): Promise<void>;
}

export async function startPack(
  definition: ExperimentDefinition,
  runs: readonly TestRun[],
  resources: PackResources = noResources,
): Promise<RecordedPack> {
  const family = modelFamilies.find(({ id }) => id === definition.family);
  if (!family) throw new Error(`no family ${definition.family}`);
  const recordings: Recording[] = runs.map(() => ({ series: {}, result: null }));
  const packRuns = runs.map((run, index): PackRun => ({ index, attempt: 1, ...run, checkpoint: run.checkpoint ?? null }));
  const program = await family.create(
    definition,
    packRuns,
    {
      metric(run, metric, step, value) {
        (recordings[run]!.series[metric] ??= []).push([step, value]);
      },
      finished(run, result) {
        if (recordings[run]!.result) throw new Error(`run ${run} finished twice`);
        recordings[run]!.result = result;
      },
    },
    resources,
  );
  const finish = async (): Promise<void> => {
    while (await program.advance());
    program.dispose();
  };
  return { program, recordings, finish };
}

/** Trains the runs together to the end and returns what each reported. */
export async function trainPack(
  definition: ExperimentDefinition,
  runs: readonly TestRun[],
  resources: PackResources = noResources,
): Promise<Recording[]> {
  const pack = await startPack(definition, runs, resources);
  await pack.finish();
  return pack.recordings;
}

/** What was reported for steps after `step`, with the same result. */
export function after(recording: Recording, step: number): Recording {
  const series = Object.entries(recording.series).map(([name, points]) => [name, points.filter(([at]) => at > step)] as const);
  return { series: Object.fromEntries(series), result: recording.result };
}
