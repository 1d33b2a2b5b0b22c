import { writeSafetensors, type ProgramArtifact, type SafetensorsTensor } from "@basin/engine";

/** `weights.safetensors`: what a run learned, with free texts that describe it. */
export function weightsArtifact(metadata: Record<string, string>, tensors: Record<string, SafetensorsTensor>): ProgramArtifact {
  return {
    name: "weights.safetensors",
    kind: "weights",
    mediaType: "application/octet-stream",
    content: writeSafetensors({ metadata, tensors }),
  };
}
