import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";

/** The named input; throws when the caller left it out. */
export function input(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const tensor = inputs[name];
  if (!tensor) throw new Error(`A kernel misses its input "${name}".`);
  return tensor;
}

/** The sizes of a tensor's three axes; throws on any other rank. */
export function axes3(tensor: TensorInfo): [number, number, number] {
  const [a, b, c] = tensor.shape;
  if (a === undefined || b === undefined || c === undefined || tensor.shape.length !== 3) {
    throw new Error(`A kernel needs a tensor with 3 axes, not one of shape [${tensor.shape.join(", ")}].`);
  }
  return [a, b, c];
}

export function numberAttribute(attributes: NamedAttrMap, name: string): number {
  const value: unknown = attributes[name];
  if (typeof value !== "number") throw new Error(`A kernel misses its number "${name}".`);
  return value;
}

export function flagAttribute(attributes: NamedAttrMap, name: string): boolean {
  return Boolean(attributes[name]);
}

export function listAttribute(attributes: NamedAttrMap, name: string): number[] {
  const value: unknown = attributes[name];
  if (!Array.isArray(value)) throw new Error(`A kernel misses its list "${name}".`);
  return value.map(Number);
}
