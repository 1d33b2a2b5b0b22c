/** Bytes [start, end) of what is `of` bytes long. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * What a request asks for with `Range: bytes=…` (RFC 9110, 14.2). Null: everything, because it asks for no range, for several, in another
 * unit or in words that are no range, all of which a server may ignore; or because `If-Range` names another version. "unsatisfiable": a
 * range that begins behind the end.
 */
export function byteRange(
  headers: { range?: string | undefined; ifRange?: string | undefined },
  of: number,
  etag: string,
): ByteRange | "unsatisfiable" | null {
  const { range, ifRange } = headers;
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return null;
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range.trim()) ?? [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const start = Math.max(0, of - Number(last));
    return start < of ? { start, end: of } : "unsatisfiable";
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return null;
  if (start >= of) return "unsatisfiable";
  return { start, end: last === "" ? of : Math.min(of, Number(last) + 1) };
}
