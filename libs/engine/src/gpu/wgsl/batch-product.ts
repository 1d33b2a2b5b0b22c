import { flagAttribute, input } from "../../kernels/tensor-inputs";
import { Untraced } from "../recording";
import type { TracedKernel } from "../trace-backend";
import { multiplied } from "./dense";

/** Twin of kernels/batch-product.ts for one matrix of each run, or one that the runs share. */
export const batchProduct: TracedKernel = {
  name: "BatchMatMul",
  trace(trace, inputs, attributes) {
    const [a, b] = [input(inputs, "a"), input(inputs, "b")];
    const [transposeA, transposeB] = [flagAttribute(attributes, "transposeA"), flagAttribute(attributes, "transposeB")];
    if (a.shape.length !== 3 || b.shape.length !== 3)
      throw new Untraced(`a product of [${a.shape.join(", ")}] and [${b.shape.join(", ")}]`);
    const [aRows = 0, aColumns = 0] = a.shape.slice(1);
    const [bRows = 0, bColumns = 0] = b.shape.slice(1);
    const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const columns = transposeB ? bRows : bColumns;
    const out = trace.output([Math.max(a.shape[0] ?? 1, b.shape[0] ?? 1), rows, columns]);
    multiplied(trace, transposeA ? [a, 1, aColumns] : [a, aColumns, 1], transposeB ? [b, 1, bColumns] : [b, bColumns, 1], out, [
      rows,
      inner,
      columns,
    ]);
    return out;
  },
};
