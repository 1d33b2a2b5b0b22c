import { MlpParameters } from "@basin/contracts";
import type { PackRun } from "@basin/engine";

/** The family's own parameters out of a run's configuration, which may also hold the problem's. Throws ZodError. */
export function mlpParametersOf(run: PackRun): MlpParameters {
  const own = Object.entries(run.parameters).filter(([name]) => name in MlpParameters.shape);
  return MlpParameters.parse(Object.fromEntries(own));
}
