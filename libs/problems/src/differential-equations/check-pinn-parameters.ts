import type { Configuration, Issue } from "@basin/contracts";

/** The rule across parameters of the `pinn` family. */
export function checkPinnParameters({ epochs, reportEvery }: Configuration): Issue[] {
  if (Number(epochs) % Number(reportEvery) === 0) return [];
  return [{ path: "reportEvery", message: `does not divide the ${Number(epochs)} epochs`, hint: "e.g. 1" }];
}
