import { readSafetensors, type PackResources } from "@basin/engine";
import { UntrainableError } from "@basin/problems";
import type { TensorSpec } from "./tensor-state";

/**
 * What a run begins with, in the order of the specs: the weights that its `startFrom` names, where it names any, else `initial`. Throws
 * UntrainableError, naming what differs, for weights of another network.
 */
export function startValues(
  specs: readonly TensorSpec[],
  startFrom: string,
  resources: PackResources,
  initial: () => Float32Array[],
): Float32Array[] {
  if (startFrom === "") return initial();
  const file = resources.weights?.(startFrom);
  if (!file) throw new RangeError(`The weights ${startFrom} were not brought along.`);
  const { tensors } = readSafetensors(file);
  const differs = (what: string): never => {
    throw new UntrainableError(`The weights to start from are another network's: ${what}.`, "startFrom");
  };
  const [more] = Object.keys(tensors).filter((name) => !specs.some((spec) => spec.name === name));
  if (more !== undefined) differs(`they have ${more} besides`);
  return specs.map(({ name, shape }) => {
    const there = tensors[name];
    if (!there) return differs(`they have no ${name}`);
    const wanted = shape.reduce((product, size) => product * size, 1);
    if (there.values.length !== wanted || !(there.values instanceof Float32Array))
      return differs(`${name} is [${there.shape.join(", ")}], not [${shape.join(", ")}]`);
    return Float32Array.from(there.values);
  });
}
