import { readSafetensors } from "@basin/engine";
import { UntrainableError } from "@basin/problems";
import type { Architecture } from "./architecture";

/** The arrays of a weights file in the order of the network's. Throws UntrainableError, naming what differs, for those of another network. */
export function startValues({ specs }: Pick<Architecture, "specs">, file: Uint8Array): Float32Array[] {
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
