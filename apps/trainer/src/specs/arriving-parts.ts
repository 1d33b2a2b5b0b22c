import { artifactPartBytes, type ControlRequest } from "@basin/contracts";
import { ControlFailure } from "@basin/messaging";
import { createHash } from "node:crypto";

type Part = ControlRequest<"artifact">;

/** Artifacts of which not all parts have arrived. */
export class ArrivingParts {
  readonly #parts = new Map<string, Buffer[]>();

  /** The whole artifact when this was its last part, else null. */
  add(part: Part): Buffer | null {
    const key = keyOf(part);
    const parts = this.#parts.get(key) ?? [];
    parts[part.part] = Buffer.from(part.content, "base64");
    this.#parts.set(key, parts);
    if (Object.keys(parts).length < part.parts) return null;
    const content = Buffer.concat(parts);
    this.#parts.delete(key);
    if (sha256(content) !== part.sha256) throw new ControlFailure("bad-hash", "the hash does not agree", false);
    return content;
  }

  /** The first part that has not arrived. */
  firstMissing(part: Part): number {
    const arrived = this.#parts.get(keyOf(part)) ?? [];
    const gap = Array.from({ length: part.parts }, (_, number) => number).find((number) => !arrived[number]);
    return gap ?? part.parts;
  }
}

const keyOf = ({ run, attempt, name, sha256: hash }: Part): string => `${run}#${attempt}#${name}#${hash}`;

/** One part of what a trainer fetches, and of how many. */
export function partOf(content: Uint8Array, part: number): { parts: number; content: string } {
  const piece = Buffer.from(content).subarray(part * artifactPartBytes, (part + 1) * artifactPartBytes);
  return { parts: Math.max(1, Math.ceil(content.byteLength / artifactPartBytes)), content: piece.toString("base64") };
}

export function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
