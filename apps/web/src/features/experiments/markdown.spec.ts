import { expect, it } from "vitest";
import { type Block, blocksOf, type Inline, inlineOf } from "./markdown";

it("tells text, formulas, code, strong and emphasis apart, also within each other", () => {
  expect(inlineOf("Of $x^2$ the `loss`, **at $a*b*c$ most**, *diverged*: 2 * 3.")).toEqual([
    { kind: "text", text: "Of " },
    { kind: "math", text: "x^2" },
    { kind: "text", text: " the " },
    { kind: "code", text: "loss" },
    { kind: "text", text: ", " },
    {
      kind: "strong",
      parts: [
        { kind: "text", text: "at " },
        { kind: "math", text: "a*b*c" },
        { kind: "text", text: " most" },
      ],
    },
    { kind: "text", text: ", " },
    { kind: "emphasis", parts: [{ kind: "text", text: "diverged" }] },
    { kind: "text", text: ": 2 * 3." },
  ]);
});

it("reads paragraphs over several lines, formulas that stand alone, lists and tables", () => {
  const text = (value: string): Inline[] => [{ kind: "text", text: value }];
  const blocks: Block[] = [
    { kind: "paragraph", parts: text("One paragraph in two lines.") },
    { kind: "formula", latex: "E = \\frac{1}{2}" },
    { kind: "paragraph", parts: text("A list:") },
    { kind: "list", items: [text("first that goes on"), text("second")] },
    { kind: "table", head: [text("a"), text("b")], rows: [[text("1"), text("2")]] },
  ];
  expect(
    blocksOf(
      "One paragraph\nin two lines.\n\n$$E = \\frac{1}{2}$$\n\nA list:\n- first\n  that goes on\n- second\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n",
    ),
  ).toEqual(blocks);
  expect(blocksOf("so\n$$a$$\nwhere $b$")).toEqual([
    { kind: "paragraph", parts: text("so") },
    { kind: "formula", latex: "a" },
    {
      kind: "paragraph",
      parts: [
        { kind: "text", text: "where " },
        { kind: "math", text: "b" },
      ],
    },
  ]);
  expect(blocksOf("")).toEqual([]);
});
