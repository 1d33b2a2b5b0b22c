import { z } from "zod";
import { PackId, SweepId, TrainerId } from "../ids";
import { TrainerState } from "../run";

/**
 * On `basin.trainers`, by the control plane: a trainer gave a sign, registered, was told to drain or to take packs again, or was
 * lost. Sent to browsers as server-sent events (event name = `type`). Another may follow every second.
 */
export const TrainerChangeV1 = z.strictObject({
  v: z.literal(1),
  type: z.literal("trainer"),
  trainer: TrainerId,
  state: TrainerState,
  /** Its last sign. */
  at: z.iso.datetime(),
  /** What it trains now: `runs` that it still holds of each pack, and the pack's step. Null: this event says nothing of it. */
  packs: z
    .array(z.strictObject({ pack: PackId, sweep: SweepId, runs: z.int().min(1), step: z.int().min(0) }))
    .max(1000)
    .nullable(),
});
export type TrainerChangeV1 = z.infer<typeof TrainerChangeV1>;
