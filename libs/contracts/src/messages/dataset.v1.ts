import { z } from "zod";
import { DatasetId } from "../dataset";
import { TrainerId } from "../ids";

/** Asks for one part of a dataset's content (see `packDataset`); `artifactPartBytes` each, the last one shorter. */
export const DatasetRequestV1 = z.strictObject({ v: z.literal(1), trainer: TrainerId, dataset: DatasetId, part: z.int().min(0) });
export type DatasetRequestV1 = z.infer<typeof DatasetRequestV1>;

export const DatasetReplyV1 = z.strictObject({
  v: z.literal(1),
  parts: z.int().min(1),
  bytes: z.int().min(0).describe("of the whole content"),
  sha256: z.hex().length(64).describe("of the whole content"),
  content: z.base64(),
});
export type DatasetReplyV1 = z.infer<typeof DatasetReplyV1>;
