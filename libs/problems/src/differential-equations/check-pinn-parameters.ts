import type { Configuration, Issue } from "@basin/contracts";

/** The rules across parameters of the `pinn` family. */
export function checkPinnParameters({ epochs, reportEvery, lbfgsSteps }: Configuration): Issue[] {
  const issues: Issue[] = [];
  if (Number(epochs) % Number(reportEvery) !== 0)
    issues.push({ path: "reportEvery", message: `does not divide the ${Number(epochs)} epochs`, hint: "e.g. 1" });
  if (Number(lbfgsSteps) > Number(epochs))
    issues.push({ path: "lbfgsSteps", message: `is more than the ${Number(epochs)} epochs`, hint: "e.g. 0" });
  return issues;
}
