import { type Configuration, type Issue, type Space } from "@basin/contracts";
import { configurationOf } from "./describe-experiment";
import type { ExperimentDefinition } from "./experiment";
import { valuesOf, type DatasetShapes } from "./memory/data-sizes";
import { tellingRepresentatives } from "./space-samples";

/** The parameter of networks that names the weights they start from. */
export const startParameter = "startFrom";

/** What a weights file says of its network. */
export type WeightsMetadata = Readonly<Record<string, string>>;

/** Of a sweep so many configurations are looked at. */
const mostLookedAt = 500;

/** Texts of a space that name weights. */
export function startsOf(definition: ExperimentDefinition, space: Space): string[] {
  if (!(startParameter in definition.parameters.shape)) return [];
  const dimension = space[startParameter];
  const values = dimension?.type === "fixed" ? [dimension.value] : dimension?.type === "choice" ? dimension.values : [];
  return [...new Set(values.filter((value): value is string => typeof value === "string" && value !== ""))];
}

/**
 * What is wrong with starting from the weights in a space whose networks have other layers. `weights`: by the text that names them. The spec passed
 * `checkSpec` before; what the data decide is judged where it is known.
 */
export function checkStarts(
  definition: ExperimentDefinition,
  space: Space,
  datasets: DatasetShapes,
  weights: ReadonlyMap<string, WeightsMetadata>,
): Issue[] {
  for (const sample of tellingRepresentatives(space, mostLookedAt)) {
    const configuration = configurationOf(definition, sample);
    const metadata = weights.get(String(configuration[startParameter]));
    const fault = metadata && faultOf(definition, configuration, datasets, metadata);
    if (fault) return [{ path: `space.${startParameter}`, ...fault }];
  }
  return [];
}

function faultOf(
  definition: ExperimentDefinition,
  configuration: Configuration,
  datasets: DatasetShapes,
  { family = "none", widths = "" }: WeightsMetadata,
): Pick<Issue, "message" | "hint"> | null {
  if (family !== definition.family) {
    const wanted = definition.family;
    return { message: `its network is of the family ${family}, not ${wanted}`, hint: `name a run of the family ${wanted}` };
  }
  // Networks of images do not tell their layers so; what differs there is found where they are trained.
  if (widths === "") return null;
  const there = widths.split(",").map(Number);
  const { hiddenLayers, latentWidth, cell } = configuration;
  const hidden = Array.isArray(hiddenLayers) ? hiddenLayers.map(Number) : [];
  const sizes = definition.sizes?.(configuration, datasets);
  // A recurrent cell sees its last hidden layer, too; of an autoencoder the layers up to the latent values are told.
  const memory = cell === "elman" ? (hidden.at(-1) ?? 0) : 0;
  const outputs = typeof latentWidth === "number" ? latentWidth : sizes?.outputs;
  const here = [sizes ? valuesOf(sizes.input) + memory : there[0], ...hidden, outputs ?? there.at(-1)];
  if (here.join() !== there.join())
    return {
      message: `its network has layers of ${there.join("-")}, and this one of ${here.join("-")}`,
      hint: `with hiddenLayers [${there.slice(1, -1).join(", ")}]${sizes ? " and as many inputs and outputs" : ""} it would fit`,
    };
  return null;
}
