import util from "node:util";

/**
 * Puts back the two functions of node:util that tfjs-node 4.22 calls and Node 23 removed (tensorflow/tfjs#8609; the fix is merged there,
 * no release has it). As source, too: a trial runs it in a process of its own.
 */
export const restoreUtilSource = `
  const util = require("node:util");
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;`;

export function restoreUtil(): void {
  const removed = util as unknown as Record<string, unknown>;
  removed["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  removed["isArray"] ??= (value: unknown) => Array.isArray(value);
}
