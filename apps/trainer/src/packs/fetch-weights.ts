import { startReferenceOf, type Configuration } from "@basin/contracts";
import type { ArtifactTransfer } from "../control/artifact-transfer";
import type { AskOptions } from "../control/control-plane";
import type { StartPack } from "../worker/protocol";

/** The weights files that these configurations start from, each once. Rejects as `ask` does, e.g. where the run that they are of was deleted. */
export function fetchWeights(
  transfer: Pick<ArtifactTransfer, "whole">,
  configurations: readonly Configuration[],
  options: AskOptions,
): Promise<StartPack["weights"]> {
  const references = new Set(configurations.map(({ startFrom }) => startFrom).filter((text) => typeof text === "string"));
  return Promise.all(
    [...references].flatMap((reference) => {
      const named = startReferenceOf(reference);
      return named ? [transfer.whole(named.artifact, options).then((file) => ({ reference, file }))] : [];
    }),
  );
}
