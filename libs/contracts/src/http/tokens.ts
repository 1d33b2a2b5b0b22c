import { z } from "zod";
import { define } from "./route";

export const Token = z.object({
  id: z.uuid(),
  name: z.string().describe("the owner of what is submitted with it"),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe("to the minute"),
  revokedAt: z.iso.datetime().nullable(),
});
export type Token = z.infer<typeof Token>;

/** Who is asking. */
export const Session = z.object({
  auth: z.enum(["off", "token"]),
  /** The owner of what would be submitted; null: a token is asked for and none was sent. */
  owner: z.string().nullable(),
});
export type Session = z.infer<typeof Session>;

/** Set by `POST /session` for browsers, which cannot send a header with downloads and event streams. */
export const sessionCookie = "basin_token";

export const tokenRoutes = {
  getSession: define({
    method: "GET",
    path: "/session",
    summary: "Who is asking, and whether a token is needed",
    response: Session,
  }),
  openSession: define({
    method: "POST",
    path: "/session",
    summary: "Keep a token in a cookie of this browser",
    body: z.strictObject({ token: z.string().min(1).max(200) }),
    response: Session,
  }),
  closeSession: define({ method: "DELETE", path: "/session", summary: "Forget the token in this browser", response: Session }),
  listTokens: define({
    method: "GET",
    path: "/tokens",
    summary: "Tokens, without their secrets",
    response: z.object({ items: z.array(Token) }),
  }),
  createToken: define({
    method: "POST",
    path: "/tokens",
    summary: "Make a token; its secret is shown this once",
    body: z.strictObject({ name: z.string().trim().min(1).max(80) }),
    response: Token.extend({ secret: z.string() }),
  }),
  revokeToken: define({
    method: "DELETE",
    path: "/tokens/:token",
    summary: "A token is never accepted again",
    params: z.object({ token: z.uuid() }),
    response: Token,
  }),
} as const;
