import { createHash, randomBytes, randomUUID } from "node:crypto";

const prefix = "basin_";

/** 192 random bits; too many to guess, so that a plain hash of them is safe to keep. */
export function newSecret(): { id: string; secret: string; hash: string } {
  const secret = `${prefix}${randomBytes(24).toString("base64url")}`;
  return { id: randomUUID(), secret, hash: hashOf(secret) };
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The token of a request: from `Authorization: Bearer …`, else from the session cookie. Null without one, or with one that nobody can read. */
export function secretOf(
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  cookie: string,
): string | null {
  const bearer = /^Bearer\s+(\S{1,200})\s*$/i.exec(headers.authorization ?? "");
  if (bearer?.[1] !== undefined) return bearer[1];
  for (const part of (headers.cookie ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name !== cookie || value === undefined || value === "") continue;
    try {
      return decodeURIComponent(value);
    } catch {
      // Not percent-encoded: not a cookie that we set.
    }
  }
  return null;
}
