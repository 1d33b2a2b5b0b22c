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

// https://owasp.org/www-community/attacks/CSV_Injection: a single quote before =, +, -, @, tab, carriage return (and their kin); then
// the quoting of RFC 4180, 2.6 and 2.7.
it.each([
  ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
  ["=1+2", "'=1+2"],
  ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
  ["-2+3", "'-2+3"],
  ["-", "'-"],
  ["-Infinity of text", "'-Infinity of text"],
  ["@SUM(1,1)", `"'@SUM(1,1)"`],
  ["\t=1", `"'\t=1"`],
  ["\r=1", `"'\r=1"`],
  ["\n=1", `"'\n=1"`],
  ["\0=1", "'\0=1"],
  ["＝1+2", "'＝1+2"],
  ['=1+2";=1+2', `"'=1+2"";=1+2"`],
  ["a;=1+2", '"a;=1+2"'],
  ["a\t=1+2", '"a\t=1+2"'],
  ["a=b", "a=b"],
])("the text %j is no formula: %s", (value, field) => {
  expect(csvField(value)).toBe(field);
});

it.each([
  [-1.5, "-1.5"],
  [-0.0000001, "-1e-7"],
  [-Infinity, "-Infinity"],
  ["-1.5", "-1.5"],
  ["+2e-3", "+2e-3"],
  ["-.5", "-.5"],
])("the number %j stays one: %s", (value, field) => {
  expect(csvField(value)).toBe(field);
});
