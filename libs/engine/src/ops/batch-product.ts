import { BatchMatMul, broadcast_util, util } from "@tensorflow/tfjs-core";
import { flagAttribute, input } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";

/**
 * Replaces TensorFlow.js' batched matrix product, whose result for one matrix depends on how many stand in the batch. Leading
 * axes must agree or be of size 1 in all (then that operand is shared).
 */
export const batchProductKernel: RegisteredKernel = {
  name: BatchMatMul,
  run(kernels, inputs, attributes) {
    const a = input(inputs, "a");
    const b = input(inputs, "b");
    const transposeA = flagAttribute(attributes, "transposeA");
    const transposeB = flagAttribute(attributes, "transposeB");
    const [rowsA, columnsA] = lastTwo(a.shape);
    const [rowsB, columnsB] = lastTwo(b.shape);
    const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
    const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
    if (k !== inner)
      throw new Error(`Matrices [${a.shape.join(", ")}] and [${b.shape.join(", ")}] do not chain: ${k} is not ${inner}.`);
    const lead = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const runs = util.sizeFromShape(lead);
    const runBytes = (shape: readonly number[], matrix: number): number => {
      const own = util.sizeFromShape(shape.slice(0, -2));
      if (own === runs) return matrix * 4;
      if (own === 1) return 0;
      throw new Error(`Batches [${a.shape.join(", ")}] and [${b.shape.join(", ")}] must agree, or one must be a single matrix.`);
    };
    const out = kernels.output([...lead, m, n]);
    const aRun = runBytes(a.shape, m * k);
    const bRun = runBytes(b.shape, k * n);
    const scratch = transposeB ? kernels.scratch((transposeA ? m : k) * n * 4) : 0;
    const flags = [Number(transposeA), Number(transposeB)] as const;
    kernels.call.batchProduct(kernels.at(a), kernels.at(b), kernels.at(out), runs, m, k, n, aRun, bRun, ...flags, scratch);
    return out;
  },
};

function lastTwo(shape: readonly number[]): [number, number] {
  const rows = shape.at(-2);
  const columns = shape.at(-1);
  if (rows === undefined || columns === undefined) throw new Error(`[${shape.join(", ")}] is no batch of matrices.`);
  return [rows, columns];
}
