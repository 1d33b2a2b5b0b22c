import { DatasetId, type DatasetContent } from "@basin/contracts";

const rows = 40;
const grid = Float64Array.from({ length: rows }, (_, i) => (i - (rows - 1) / 2) / 10);

/**
 * A table of the right form for an experiment whose configuration names no dataset: for the catalogue's descriptor, whose shapes
 * need some data. No sweep can be submitted on it.
 */
export const standInTable: DatasetContent = {
  id: DatasetId.parse("0".repeat(64)),
  name: "stand-in",
  rows,
  columns: [
    { name: "x", type: "number", values: grid, categories: [] },
    { name: "y", type: "number", values: grid.map((x) => 2 * x + 1), categories: [] },
    { name: "sign", type: "category", values: grid.map((x) => (x < 0 ? 0 : 1)), categories: ["negative", "positive"] },
  ],
  arrays: [],
};
