import { z } from "zod";
import { TrainerId } from "../ids";
import { ArtifactKind } from "../run";
import { storableText } from "../storable-text";
import { AttemptKey } from "./control.v1";

const v = z.literal(2);

/** No artifact can be larger; how large one may be is a setting of the control plane. */
export const largestArtifactBytes = 2 ** 31 - 1;

/** Version 1 for larger artifacts. The first and the last part are sent alone, the others in any order. */
export const ArtifactRequestV2 = z.strictObject({
  v,
  trainer: TrainerId,
  ...AttemptKey.shape,
  name: storableText(200).min(1),
  kind: ArtifactKind,
  mediaType: storableText(100),
  /** For checkpoints: the last step it contains. */
  step: z.int().min(0).nullable(),
  bytes: z.int().min(0).max(largestArtifactBytes),
  /** Of all of it. */
  sha256: z.hex().length(64),
  part: z.int().min(0),
  parts: z.int().min(1),
  content: z.base64(),
});
export type ArtifactRequestV2 = z.infer<typeof ArtifactRequestV2>;
export const ArtifactReplyV2 = z.strictObject({
  v,
  status: z.enum(["part-stored", "complete", "superseded"]),
  /** Answers the first part and the last one: which is the first that is not there. An upload that was interrupted goes on from it. */
  next: z.int().min(0).nullable(),
});
export type ArtifactReplyV2 = z.infer<typeof ArtifactReplyV2>;
