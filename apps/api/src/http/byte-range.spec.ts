import { expect, test } from "vitest";
import { byteRange } from "./byte-range";

const etag = '"abc"';

// The first rows are the examples of RFC 9110, 14.1.2, for 10,000 bytes.
test.each([
  ["bytes=0-499", { start: 0, end: 500 }],
  ["bytes=500-999", { start: 500, end: 1000 }],
  ["bytes=-500", { start: 9500, end: 10_000 }],
  ["bytes=9500-", { start: 9500, end: 10_000 }],
  ["bytes=0-0", { start: 0, end: 1 }],
  ["bytes=9999-20000", { start: 9999, end: 10_000 }],
  ["bytes=-20000", { start: 0, end: 10_000 }],
  ["bytes=10000-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-4", null],
  ["bytes=-", null],
  ["bytes=0-0,-1", null],
  ["bytes=a-b", null],
  ["lines=1-2", null],
  [undefined, null],
])("%s of 10,000 bytes", (range, wanted) => {
  expect(byteRange({ range }, 10_000, etag)).toEqual(wanted);
});

test("If-Range: only of the same version, everything of another", () => {
  expect(byteRange({ range: "bytes=0-1", ifRange: etag }, 10, etag)).toEqual({ start: 0, end: 2 });
  expect(byteRange({ range: "bytes=0-1", ifRange: '"other"' }, 10, etag)).toBeNull();
  expect(byteRange({ range: "bytes=0-1", ifRange: "Mon, 30 Nov 2026 12:00:00 GMT" }, 10, etag)).toBeNull();
});

test("nothing of nothing can be had", () => {
  expect(byteRange({ range: "bytes=0-" }, 0, etag)).toBe("unsatisfiable");
});
