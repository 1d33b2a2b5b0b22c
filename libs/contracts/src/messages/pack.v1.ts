import { z } from "zod";
import { PackId, PoolName, SweepId } from "../ids";
import { ExperimentId } from "../sweep";

/** On `basin.work.<pool>`: an invitation to claim, never a proof of anything. */
export const PackMessageV1 = z.strictObject({
  v: z.literal(1),
  pack: PackId,
  sweep: SweepId,
  pool: PoolName,
  experiment: ExperimentId,
  width: z.int().min(1),
  sentAt: z.iso.datetime(),
});
export type PackMessageV1 = z.infer<typeof PackMessageV1>;
