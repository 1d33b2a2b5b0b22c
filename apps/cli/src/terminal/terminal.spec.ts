import { expect, test } from "vitest";
import { bar, duration, figure, parameterText } from "./number-format";
import { tableLines } from "./table";
import { fit, widthOf, wrap } from "./text-width";

test("figures keep four digits and stay short", () => {
  expect([0.998468, 8.79e-5, 12345.6, 0, null, 1.5e9, -0.25].map((value) => figure(value))).toEqual([
    "0.9985",
    "8.79e-5",
    "12346",
    "0",
    "–",
    "1.50e9",
    "-0.25",
  ]);
});

test("parameters are written as a person would", () => {
  expect(parameterText(null)).toBe("–");
  expect([3e-4, 0.01, 64, "tanh", [64, 64, 32], true].map(parameterText)).toEqual([
    "3e-4",
    "0.01",
    "64",
    "tanh",
    "[64, 64, 32]",
    "true",
  ]);
});

test("durations", () => {
  expect([0.4, 42, 185, 7620].map(duration)).toEqual(["0 s", "42 s", "3 min 05 s", "2 h 07 min"]);
});

test("a bar has its width at every share", () => {
  for (let i = -1; i <= 101; i++) expect(widthOf(bar(i / 100, 20))).toBe(20);
  expect(bar(1, 4)).toBe("████");
  expect(bar(0, 4)).toBe("░░░░");
});

test("columns line up whatever the colours, and long lines are cut by what is seen", () => {
  const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
  const lines = tableLines(
    [{ title: "name" }, { title: "n", align: "right" }],
    [
      ["a", red("1")],
      ["long", "100"],
    ],
  );
  expect(lines.map(widthOf)).toEqual([9, 9, 9]);
  expect(widthOf(fit(red("abcdefgh"), 5))).toBe(5);
  expect(fit("abc", 5)).toBe("abc");
});

test("texts are broken between words, and within a word that is too long", () => {
  expect(wrap("the loss of all runs", 8)).toEqual(["the loss", "of all", "runs"]);
  expect(wrap("abcdefghij kl", 4)).toEqual(["abcd", "efgh", "ij", "kl"]);
  expect(wrap("", 4)).toEqual([""]);
});

test("a table that is too wide goes on in further lines, its narrow columns untouched", () => {
  const rows = [["a name of several words", "1.5 [1, 2] n=5", "met"]];
  const lines = tableLines([{ title: "figure" }, { title: "ours" }, { title: "" }], rows, { width: 30 });
  expect(lines).toEqual(["figure       ours", "a name of    1.5 [1, 2]    met", "several      n=5", "words"]);
  expect(tableLines([{ title: "figure" }, { title: "ours" }, { title: "" }], rows, { width: 80 })).toHaveLength(2);
});
