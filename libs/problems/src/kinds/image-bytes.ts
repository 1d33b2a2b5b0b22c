/** Values as pixel bytes for an `image-grid`, base64: `low` is 0 and `high` 255, what lies outside is cut. */
export function imageBytes(values: ArrayLike<number>, low: number, high: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const bytes = Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round((255 * (value - low)) / (high - low)))));
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k < 4; k++) text += i + k > bytes.length ? "=" : (alphabet[(word >> (18 - 6 * k)) & 63] ?? "");
  }
  return text;
}
