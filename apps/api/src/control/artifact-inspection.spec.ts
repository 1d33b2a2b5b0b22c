import { plotMediaType, type ArtifactKind } from "@basin/contracts";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { inspect } from "./artifact-inspection";

const header = { w: { dtype: "F32", shape: [1000], data_offsets: [0, 4000] } };
function safetensors(json: unknown, dataBytes = 4000): Buffer {
  const head = Buffer.from(JSON.stringify(json));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, Buffer.alloc(dataBytes, 7)]);
}
const curve = {
  kind: "curve",
  title: "Loss",
  x: { label: "epoch" },
  y: { label: "loss" },
  series: [{ name: "training", x: [1, 2], y: [0.5, null] }],
};

/** In pieces of `pieceBytes`, as it would come from the database. */
const look = (
  name: string,
  kind: ArtifactKind,
  content: Buffer,
  pieceBytes = 100,
  changes: { bytes?: number; sha256?: string } = {},
) => {
  const pieces = Array.from({ length: Math.ceil(content.length / pieceBytes) }, (_, i) =>
    content.subarray(i * pieceBytes, (i + 1) * pieceBytes),
  );
  const sha256 = createHash("sha256").update(content).digest("hex");
  const mediaType = kind === "plot" ? plotMediaType : "application/octet-stream";
  return inspect({ name, kind, mediaType, bytes: content.length, sha256, ...changes }, pieces);
};

test("what is what it says is sound, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 9, 4096, 1e6]) {
    expect(await look("weights.safetensors", "weights", safetensors(header), pieceBytes)).toEqual({ result: "sound" });
    expect(await look("plots/loss.json", "plot", Buffer.from(JSON.stringify(curve)), pieceBytes)).toEqual({ result: "sound" });
  }
  expect(await look("notes.txt", "other", Buffer.from("anything"))).toEqual({ result: "sound" });
  expect(await look("empty", "other", Buffer.alloc(0))).toEqual({ result: "sound" });
});

test("another hash, or another length, is corrupt: it may be right when it is sent again", async () => {
  const content = safetensors(header);
  expect(await look("weights.safetensors", "weights", content, 100, { sha256: "00".repeat(32) })).toEqual({ result: "corrupt" });
  expect(await look("notes.txt", "other", content, 100, { bytes: content.length + 1 })).toEqual({ result: "corrupt" });
});

test.each([
  ["plot data under the name of weights", "weights.safetensors", "weights", Buffer.from(JSON.stringify(curve)), "header claims"],
  [
    "a file that was cut short",
    "weights.safetensors",
    "weights",
    safetensors(header, 3000),
    "does not fit bytes 0 to 4000 of 3000",
  ],
  ["a checkpoint of zeros", "checkpoint.safetensors", "checkpoint", Buffer.alloc(5000), "the safetensors header is no JSON"],
  ["weights under the name of a plot", "plots/loss.json", "plot", safetensors(header), "it is not JSON"],
  ["half a plot", "plots/loss.json", "plot", Buffer.from(JSON.stringify(curve)).subarray(0, 80), "it is not JSON"],
  [
    "a plot without its axis",
    "plots/loss.json",
    "plot",
    Buffer.from(JSON.stringify({ ...curve, y: undefined })),
    "it is not plot data: y:",
  ],
] as const)("%s is a fault, and named", async (_, name, kind, content, fault) => {
  const inspection = await look(name, kind, content);
  expect(inspection).toEqual({ result: "fault", fault: expect.stringContaining(fault) as string });
});

test("a plot that is too large to be drawn is not parsed", async () => {
  expect(await look("plots/huge.json", "plot", Buffer.alloc(9 * 1024 * 1024), 1024 * 1024)).toEqual({ result: "sound" });
});
