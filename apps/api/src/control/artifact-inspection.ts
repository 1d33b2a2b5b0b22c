import {
  PlotData,
  plotMediaType,
  readSafetensorsHeader,
  safetensorsHeaderBytes,
  type ArtifactKind,
  messageOf,
} from "@basin/contracts";
import { createHash } from "node:crypto";

export interface InspectedArtifact {
  name: string;
  kind: ArtifactKind;
  mediaType: string;
  bytes: number;
  sha256: string;
}

/** `corrupt`: it is not what its trainer has; sent again it may be. `fault`: it is, and it makes no sense. */
export type Inspection = { result: "sound" } | { result: "corrupt" } | { result: "fault"; fault: string };

/** Plots of more are never drawn (they are downloads), and parsing them would hold everybody else up. */
const mostPlotBytes = 8 * 1024 * 1024;
/** A header of ten thousand tensors has a megabyte. */
const mostHeaderBytes = 16 * 1024 * 1024;

/**
 * Holds a content against what was said of it: its length and SHA-256; a `*.safetensors` file's header against the file; plot data against
 * its schema. Reads it once, piece by piece, and keeps only what is parsed. Hands the event loop back between pieces.
 */
export async function inspect(
  artifact: InspectedArtifact,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<Inspection> {
  const { bytes, sha256 } = artifact;
  const hash = createHash("sha256");
  let start: Buffer = Buffer.alloc(0);
  let seen = 0;
  for await (const piece of content) {
    hash.update(piece);
    seen += piece.length;
    if (start.length < wantedBytes(artifact, start)) start = Buffer.concat([start, piece]);
  }
  if (seen !== bytes || hash.digest("hex") !== sha256) return { result: "corrupt" };
  const fault = faultOf(artifact, start);
  return fault === null ? { result: "sound" } : { result: "fault", fault };
}

function isSafetensors({ name }: InspectedArtifact): boolean {
  return name.endsWith(".safetensors");
}

function isPlot({ kind, mediaType, bytes }: InspectedArtifact): boolean {
  return (kind === "plot" || mediaType === plotMediaType) && bytes <= mostPlotBytes;
}

/** How many bytes from the start are needed, as far as those so far tell. */
function wantedBytes(artifact: InspectedArtifact, start: Buffer): number {
  if (isPlot(artifact)) return artifact.bytes;
  if (!isSafetensors(artifact)) return 0;
  if (start.length < 8) return 8;
  try {
    return Math.min(mostHeaderBytes, safetensorsHeaderBytes(start, artifact.bytes));
  } catch {
    return 0;
  }
}

function faultOf(artifact: InspectedArtifact, start: Buffer): string | null {
  if (isPlot(artifact)) return plotFault(start);
  if (!isSafetensors(artifact)) return null;
  try {
    const header = safetensorsHeaderBytes(start, artifact.bytes);
    if (header > mostHeaderBytes) return `its safetensors header has ${header} bytes; at most ${mostHeaderBytes} are read`;
    readSafetensorsHeader(start, artifact.bytes);
    return null;
  } catch (error) {
    return error instanceof RangeError ? error.message : String(error);
  }
}

function plotFault(content: Buffer): string | null {
  let json: unknown;
  try {
    json = JSON.parse(content.toString("utf8"));
  } catch (error) {
    return `it is not JSON: ${messageOf(error)}`;
  }
  const parsed = PlotData.safeParse(json);
  if (parsed.success) return null;
  const [issue] = parsed.error.issues;
  return `it is not plot data: ${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? ""}`;
}
