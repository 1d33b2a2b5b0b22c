import { seedsOf, type Configuration, type ParameterValue, type Sweep } from "@basin/contracts";
import {
  configurationOf,
  effectiveConfiguration,
  findExperiment,
  trainedSamples,
  withoutEffect,
  type DatasetShapes,
} from "@basin/problems";
import { variedParameters } from "./parameter-names";
import type { TrialTwins } from "./distinct-runs";
import { seedName, type ParameterColumn } from "./sweep-table";

/**
 * Two runs are the same training when their configurations agree in everything that has an effect, and their seeds do where the seed
 * has one. Null: no two runs of the sweep can be. Every parameter that varies must be among the columns; one that does not apply has no value.
 */
export function trialTwins(
  sweep: Pick<Sweep, "spec">,
  columns: ReadonlyMap<string, ParameterColumn>,
  trials: number,
  datasets: DatasetShapes,
): TrialTwins | null {
  const definition = findExperiment(sweep.spec.experiment);
  const samples = definition ? trainedSamples(definition, datasets) : undefined;
  const names = variedParameters(sweep.spec);
  const fixed = Object.fromEntries(
    Object.entries(sweep.spec.space).flatMap(([name, dimension]) =>
      dimension.type === "fixed" && !dimension.when ? [[name, dimension.value]] : [],
    ),
  );
  const base: Configuration = { ...(definition ? configurationOf(definition, {}) : {}), ...fixed };
  const twins: TrialTwins = {
    same: new Int32Array(trials),
    training: new Int32Array(trials),
    seedless: new Uint8Array(trials),
    idle: new Map(names.map((name) => [name, new Uint8Array(trials)])),
  };
  const firsts = new Map<string, number>();
  const trainings = new Map<string, number>();
  for (let trial = 0; trial < trials; trial += 1) {
    const values = names.map((name): ParameterValue | null => {
      const column = columns.get(name);
      return column?.values[column.codes[trial] ?? -1] ?? null;
    });
    const applied = Object.fromEntries(names.flatMap((name, i) => (values[i] === null ? [] : [[name, values[i]]])));
    const configuration = { ...base, ...applied } as Configuration;
    const without = definition ? withoutEffect(definition, configuration, samples) : new Set<string>();
    const effective = definition ? effectiveConfiguration(definition, configuration, samples, without) : configuration;
    const key = JSON.stringify(values);
    twins.same[trial] = numbered(firsts, key, trial);
    twins.training[trial] = numbered(
      trainings,
      JSON.stringify(names.map((name) => (name in effective ? [effective[name]] : ""))),
      trial,
    );
    if (without.has(seedName)) twins.seedless[trial] = 1;
    for (const name of names) if (without.has(name)) twins.idle.get(name)?.fill(1, trial, trial + 1);
  }
  const several = "list" in sweep.spec.seeds || seedsOf(sweep.spec.seeds).length > 1;
  const distinct = trainings.size === trials && !(several && twins.seedless.includes(1));
  return distinct && !names.some((name) => twins.idle.get(name)?.includes(1)) ? null : twins;
}

function numbered(known: Map<string, number>, key: string, next: number): number {
  const found = known.get(key);
  if (found === undefined) known.set(key, next);
  return found ?? next;
}
