import { z } from "zod";
import { TrainerId } from "../ids";
import { storableText } from "../storable-text";
import { AttemptKey } from "./control.v1";

const reason = storableText(8000).nullable();

/** Version 1, told what follows for the run. Answered with `ReleaseReplyV1`, too. */
export const ReleaseRequestV2 = z.strictObject({
  v: z.literal(2),
  trainer: TrainerId,
  attempts: z
    .array(
      z.discriminatedUnion("outcome", [
        AttemptKey.extend({
          outcome: z.literal("handed-back"),
          reason,
          /** Packs of the run are no wider from now on: a wider one failed for a reason that may have been its width. Null: none did. */
          maxWidth: z.int().min(1).nullable(),
        }),
        AttemptKey.extend({ outcome: z.literal("cancelled"), reason }),
        AttemptKey.extend({
          outcome: z.literal("failed"),
          reason,
          /** Another attempt would end the same: the run has failed, whatever its retry limit. */
          final: z.boolean(),
        }),
      ]),
    )
    .min(1)
    .max(4096),
});
export type ReleaseRequestV2 = z.infer<typeof ReleaseRequestV2>;
