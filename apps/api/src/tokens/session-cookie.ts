import type { FastifyRequest } from "fastify";

/** A cookie that scripts cannot read and other sites cannot use. Behind HTTPS (`x-forwarded-proto`) it is sent over HTTPS only. 0 seconds: forgotten. */
export function cookieOf(
  name: string,
  value: string,
  seconds: number,
  { headers }: Pick<FastifyRequest, "headers">,
  sameSite: "Strict" | "Lax" = "Strict",
): string {
  const secure = headers["x-forwarded-proto"] === "https" ? "; Secure" : "";
  return `${name}=${encodeURIComponent(value)}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${seconds}${secure}`;
}
