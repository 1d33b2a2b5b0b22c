import { z } from "zod";
import { BuildId, PackId, PoolName, SweepId } from "../ids";
import { ExperimentId } from "../sweep";

/** On `basin.work.<pool>_<build>`: an invitation to claim, for trainers of one build, never a proof of anything. */
export const PackMessageV2 = z.strictObject({
  v: z.literal(2),
  pack: PackId,
  sweep: SweepId,
  pool: PoolName,
  build: BuildId,
  experiment: ExperimentId,
  width: z.int().min(1),
  sentAt: z.iso.datetime(),
});
export type PackMessageV2 = z.infer<typeof PackMessageV2>;
