import type { WorkerArtifact } from "./protocol";

const handOverBytes = 1024 * 1024;

/** A large content that has its memory to itself is handed over; copying it would need as much again. */
export function ownedBuffers({ content }: WorkerArtifact): ArrayBuffer[] {
  const { buffer } = content;
  const owned = content.byteLength === buffer.byteLength && content.byteLength >= handOverBytes;
  return owned && buffer instanceof ArrayBuffer ? [buffer] : [];
}
