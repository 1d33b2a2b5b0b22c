import { z } from "zod";
import { PoolName, TrainerId } from "../ids";

/** On `basin.control.<token>.join`: whoever holds the token wants to be this trainer of this pool, and keeps the secret of the key to itself. */
export const JoinRequestV1 = z.strictObject({
  v: z.literal(1),
  trainer: TrainerId,
  pool: PoolName,
  key: z.string().regex(/^U[A-Z2-7]{55}$/, "must be the public nkey of a user, U and 55 more letters and digits"),
});
export type JoinRequestV1 = z.infer<typeof JoinRequestV1>;

/** The key is this trainer's from now on: what the NATS server is shown beside a signature by it. */
export const JoinReplyV1 = z.strictObject({ v: z.literal(1), jwt: z.string().max(20_000) });
export type JoinReplyV1 = z.infer<typeof JoinReplyV1>;
