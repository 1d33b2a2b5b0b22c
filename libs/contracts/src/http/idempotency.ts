/** Names one request among all of its sender's: sent again with the same key, it is answered again and not done again. */
export const idempotencyHeader = "Idempotency-Key";
/** A key, without the quotes that it may have on the wire. */
export const idempotencyKeyPattern = /^[\x20-\x7e]{1,255}$/;
/** For this long at least. */
export const idempotencyHours = 24;

/** A key that nobody has. (`crypto.randomUUID` is not there on pages that come over plain HTTP from another machine.) */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
