import { expect, it } from "vitest";
import { csvField, csvRecord } from "./csv";

it.each([
  [null, ""],
  [undefined, ""],
  [0.1, "0.1"],
  [false, "false"],
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ["two\nlines", '"two\nlines"'],
  [[64, 32], '"[64,32]"'],
  [[], "[]"],
])("%j is written as %s", (value, field) => {
  expect(csvField(value)).toBe(field);
});

it("ends a record as RFC 4180 asks", () => {
  expect(csvRecord([1, null, "x"])).toBe("1,,x\r\n");
});
