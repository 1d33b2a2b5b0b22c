import { z } from "zod";
import { PoolName } from "../ids";
import { PersonName, ProjectName } from "./projects";
import { Role, TokenScope } from "./roles";
import { define } from "./route";

export const Token = z.object({
  id: z.uuid(),
  name: z.string().describe("the owner of what is submitted with it"),
  role: Role,
  project: z.string().nullable().describe("where what is submitted with it belongs; null: a trainer of all projects"),
  scope: TokenScope,
  pool: z.string().nullable().describe("that a trainer's token is for"),
  kind: z.enum(["token", "session"]).describe("session: of a browser that signed in by itself"),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe("to the minute"),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type Token = z.infer<typeof Token>;

/** Who is asking. */
export const Session = z.object({
  auth: z.enum(["off", "token"]),
  /** The owner of what would be submitted; null: a token is asked for and none was sent. */
  owner: z.string().nullable(),
  role: Role.nullable(),
  project: z.string().nullable(),
  /** Where a browser goes to sign in with the lab's own accounts; null: there is no such place. */
  signIn: z.string().nullable(),
});
export type Session = z.infer<typeof Session>;

/** Set by `POST /session` for browsers, which cannot send a header with downloads and event streams. */
export const sessionCookie = "basin_token";

const NewToken = z
  .strictObject({
    name: PersonName,
    role: Role.default("member"),
    project: ProjectName.optional().describe("default: that of the token that asks; of a trainer: all"),
    scope: TokenScope.default("all"),
    pool: PoolName.optional().describe("of a trainer; default: default"),
    expiresInDays: z.number().positive().max(3650).optional().describe("default: never"),
  })
  .refine(({ role, pool }) => pool === undefined || role === "trainer", {
    path: ["pool"],
    message: "only a trainer's token is for a pool",
  });
export type NewToken = z.output<typeof NewToken>;

export const tokenRoutes = {
  getSession: define({
    role: "public",
    method: "GET",
    path: "/session",
    summary: "Who is asking, and whether a token is needed",
    response: Session,
  }),
  openSession: define({
    role: "public",
    method: "POST",
    path: "/session",
    summary: "Keep a token in a cookie of this browser",
    body: z.strictObject({ token: z.string().min(1).max(200) }),
    response: Session,
    errors: [429],
  }),
  closeSession: define({
    role: "public",
    method: "DELETE",
    path: "/session",
    summary: "Forget the token in this browser; a session that signed in by itself ends",
    response: Session,
  }),
  closeSessions: define({
    role: "viewer",
    method: "DELETE",
    path: "/sessions",
    summary: "Sign out everywhere: every session of one's name ends",
    response: z.object({ ended: z.int() }),
  }),
  listTokens: define({
    role: "viewer",
    method: "GET",
    path: "/tokens",
    summary: "Tokens, without their secrets: all for an admin, one's own for others",
    response: z.object({ items: z.array(Token) }),
  }),
  createToken: define({
    role: "viewer",
    method: "POST",
    path: "/tokens",
    summary:
      "Make a token; its secret is shown this once. Who is no admin makes tokens of their own name, project and at most their role",
    body: NewToken,
    response: Token.extend({ secret: z.string() }),
    errors: [404],
  }),
  revokeToken: define({
    role: "viewer",
    method: "DELETE",
    path: "/tokens/:token",
    summary: "A token is never accepted again",
    params: z.object({ token: z.uuid() }),
    response: Token,
  }),
} as const;
