import { z } from "zod";
import { PoolName } from "../ids";
import { define } from "./route";

/** By it trainers join a pool: how machines elsewhere get an identity of their own at the NATS server. */
export const TrainerToken = z.object({
  id: z.string(),
  name: z.string(),
  pool: z.string().nullable().describe("of the trainers that join by it; null: any"),
  trainers: z.int().describe("that joined by it last"),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type TrainerToken = z.infer<typeof TrainerToken>;

export const trainerTokenRoutes = {
  listTrainerTokens: define({
    method: "GET",
    path: "/trainer-tokens",
    role: "admin",
    summary: "Tokens by which trainers join, without their secrets",
    response: z.object({ items: z.array(TrainerToken) }),
  }),
  createTrainerToken: define({
    method: "POST",
    path: "/trainer-tokens",
    role: "admin",
    summary: "Make a token by which trainers join a pool; its secret is shown this once",
    body: z.strictObject({
      name: z.string().trim().min(1).max(80).default("trainers"),
      pool: PoolName.default("default"),
      days: z.int().min(1).max(3650).nullable().default(null).describe("that it can be used for; null: until it is revoked"),
    }),
    response: TrainerToken.extend({
      secret: z.string().describe("NATS_TOKEN of the trainers"),
      address: z.string().describe("NATS_URL of the trainers, as the control plane reaches it"),
    }),
    errors: [409],
  }),
  revokeTrainerToken: define({
    method: "DELETE",
    path: "/trainer-tokens/:token",
    role: "admin",
    summary: "Nobody joins by a token again, and who joined by it is thrown out",
    params: z.object({
      token: z.string().regex(/^join-[a-z0-9]{1,32}$/, "must be the id of a trainer token, like join-0123456789ab"),
    }),
    response: TrainerToken,
  }),
} as const;
