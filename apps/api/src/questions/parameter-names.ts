import type { Dimension, Sweep, SweepSpec } from "@basin/contracts";
import { readFirstConfiguration, type Database } from "@basin/database";
import { closestName } from "@basin/contracts";
import { findExperiment } from "@basin/problems";
import { seedName } from "./sweep-table";
import { InputError } from "../http/request-errors";

/** A condition makes two values of one: it applies, or it does not. */
function varies(dimension: Dimension): boolean {
  if (dimension.when) return true;
  switch (dimension.type) {
    case "fixed":
      return false;
    case "choice":
      return dimension.values.length > 1;
    case "float":
    case "log-float":
      return dimension.max > dimension.min && dimension.points !== 1;
    case "int":
    case "step":
      return dimension.max - dimension.min >= dimension.step;
  }
}

/** Names in the order in which the experiment declares its parameters (stored JSON keeps no order); others follow. */
export function inDeclaredOrder(experiment: string, names: readonly string[]): string[] {
  const declared = Object.keys(findExperiment(experiment)?.parameters.shape ?? {});
  const place = (name: string): number => (declared.includes(name) ? declared.indexOf(name) : declared.length);
  return [...names].sort((a, b) => place(a) - place(b));
}

/** The parameters that differ between the trials of a sweep, in the order of the experiment. */
export function variedParameters(spec: Pick<SweepSpec, "space" | "experiment">): string[] {
  const names = Object.entries(spec.space).flatMap(([name, dimension]) => (varies(dimension) ? [name] : []));
  return inDeclaredOrder(spec.experiment, names);
}

/** Throws InputError when a name is no parameter of the sweep's runs; `seed` counts as one. */
export async function checkParameterNames(
  database: Database,
  sweep: Pick<Sweep, "id" | "spec">,
  names: readonly string[],
  pathOf: (name: string, i: number) => string,
): Promise<void> {
  if (names.length === 0) return;
  const known = Object.keys((await readFirstConfiguration(database, sweep.id)) ?? sweep.spec.space);
  const issues = names.flatMap((name, i) => {
    if (known.includes(name) || known.length === 0 || name === seedName) return [];
    const near = closestName(name, known);
    const hint = `${near === null ? "" : `did you mean "${near}"? `}The runs have ${known.join(", ")}`;
    return [{ path: pathOf(name, i), message: `the runs of this sweep have no parameter "${name}"`, hint }];
  });
  if (issues.length > 0) throw new InputError(issues);
}
