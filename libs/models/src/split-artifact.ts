import type { ProgramArtifact } from "@basin/engine";
import type { TableRows } from "@basin/problems";

/**
 * `split.json`: which rows of a table a run held out, counted from 1 as everywhere in Basin, ascending. `validation` has the indices of training
 * samples that the run kept for its validation loss. What is in no list was trained on.
 */
export function splitArtifact({ count, training, test }: TableRows, validation: Int32Array): ProgramArtifact {
  const used = new Set([...training, ...test]);
  const counted = (rows: Iterable<number>): number[] => Array.from(rows, (row) => row + 1).sort((a, b) => a - b);
  const split = {
    rows: count,
    countedFrom: 1,
    test: counted(test),
    validation: counted(Array.from(validation, (sample) => training[sample] ?? Number.NaN)),
    leftOut: counted(Array.from({ length: count }, (_, row) => row).filter((row) => !used.has(row))),
  };
  return {
    name: "split.json",
    kind: "other",
    mediaType: "application/json",
    content: new TextEncoder().encode(JSON.stringify(split)),
  };
}
