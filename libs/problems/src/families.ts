import {
  AutoencoderParameters,
  CnnParameters,
  DescentParameters,
  descentPerRunParameters,
  MlpParameters,
  mlpPerRunParameters,
  PinnParameters,
  pinnPerRunParameters,
  RolloutParameters,
  rolloutPerRunParameters,
  sampleTrainingPerRunParameters,
  SindyAutoencoderParameters,
  sindyAutoencoderPerRunParameters,
  type Configuration,
} from "@basin/contracts";
import type { DataSizes } from "./memory/data-sizes";
import { CustomLossParameters } from "./kinds/custom-loss";
import { customLossMemory } from "./memory/custom-loss-memory";
import { autoencoderMemory, cnnMemory } from "./memory/image-memory";
import { pinnMemory, sindyAutoencoderMemory } from "./memory/jet-memory";
import { mlpMemory } from "./memory/mlp-memory";
import { rolloutMemory } from "./memory/rollout-memory";

/** What a family knows of its own parameters: all of them, and those in which the runs of a pack may differ. */
interface FamilyParameters {
  all: readonly string[];
  perRun: readonly string[];
}

/** What a pack holds, in values of 4 bytes, from a configuration and the sizes of its data: shared by its runs, and of each of them. */
type MemoryEstimate = (parameters: Configuration, sizes: DataSizes) => { shared: number; run: number };

/** Without `memory` a family holds no tensors to speak of. */
interface FamilyDescriptor {
  title: string;
  parameters: FamilyParameters;
  memory?: MemoryEstimate;
}

const parametersOf = ({ shape }: { shape: object }, perRun: readonly string[]): FamilyParameters => ({
  all: Object.keys(shape),
  perRun,
});

/** What the catalogue says of our model families; they train in libs/models, which loads TensorFlow. */
const families = {
  mlp: { title: "Networks of dense layers", parameters: parametersOf(MlpParameters, mlpPerRunParameters), memory: mlpMemory },
  cnn: {
    title: "Convolutional networks",
    parameters: parametersOf(CnnParameters, sampleTrainingPerRunParameters),
    memory: cnnMemory,
  },
  autoencoder: {
    title: "Autoencoders",
    parameters: parametersOf(AutoencoderParameters, sampleTrainingPerRunParameters),
    memory: autoencoderMemory,
  },
  "custom-loss": {
    title: "Networks with losses of their own",
    parameters: parametersOf(CustomLossParameters, sampleTrainingPerRunParameters),
    memory: customLossMemory,
  },
  "sindy-autoencoder": {
    title: "Discovering equations from images",
    parameters: parametersOf(SindyAutoencoderParameters, sindyAutoencoderPerRunParameters),
    memory: sindyAutoencoderMemory,
  },
  sindy: { title: "Discovering equations", parameters: { all: ["maxIterations"], perRun: [] } },
  pinn: {
    title: "Physics-informed networks",
    parameters: parametersOf(PinnParameters, pinnPerRunParameters),
    memory: pinnMemory,
  },
  rollout: {
    title: "Networks in closed loop",
    parameters: parametersOf(RolloutParameters, rolloutPerRunParameters),
    memory: rolloutMemory,
  },
  descent: { title: "Optimizers on functions", parameters: parametersOf(DescentParameters, descentPerRunParameters) },
  external: { title: "Training code from outside", parameters: { all: [], perRun: [] } },
  diagnostic: { title: "Diagnostics of the platform", parameters: { all: [], perRun: [] } },
} as const satisfies Record<string, FamilyDescriptor>;

/** The model families that experiments can be trained with. */
export type FamilyId = keyof typeof families;

/** A family that a package from outside brings; the slash keeps it apart from ours. */
export type ExtensionFamilyId = `${string}/${string}`;

const isOurs = (id: string): id is FamilyId => Object.hasOwn(families, id);

/** What heads the experiments of a family: ours have their titles here, one from outside what its experiments say, else its id. */
export const familyTitle = (id: string, fromOutside?: string): string => (isOurs(id) ? families[id].title : (fromOutside ?? id));

/** Null where nothing is known: a family without tensors or from outside. */
export function memoryEstimateOf(id: string): MemoryEstimate | null {
  if (!isOurs(id)) return null;
  const { memory }: FamilyDescriptor = families[id];
  return memory ?? null;
}

/**
 * Of an experiment's parameters: `shared`, which its family takes from the first run of a pack for all of them, and `own`, which are none of the
 * family's. Both are empty for a family from outside.
 */
export function packParameters({ family, parameters }: { family: string; parameters: { shape: object } }): {
  shared: string[];
  own: string[];
} {
  if (!isOurs(family)) return { shared: [], own: [] };
  const { all, perRun }: FamilyParameters = families[family].parameters;
  return {
    shared: all.filter((name) => !perRun.includes(name)),
    own: Object.keys(parameters.shape).filter((name) => !all.includes(name)),
  };
}
