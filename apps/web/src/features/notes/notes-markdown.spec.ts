import { describe, expect, it } from "vitest";
import { linkedPieces, safeHref, tokensOf } from "./notes-markdown";

const kinds = (text: string): unknown[] => tokensOf(text).map(({ type }) => type);
const inline = (text: string): unknown[] =>
  tokensOf(text).flatMap((token) => ("tokens" in token ? (token.tokens ?? []) : [token]));

describe("formulas", () => {
  it("stand between dollar signs, within a line and as a line of their own", () => {
    expect(inline("rate $\\eta = 10^{-3}$ and")).toMatchObject([
      { text: "rate " },
      { type: "formula", latex: "\\eta = 10^{-3}", display: false },
      { text: " and" },
    ]);
    expect(tokensOf("$$\n\\ddot z = -\\sin z\n$$\n")).toMatchObject([
      { type: "formula", latex: "\\ddot z = -\\sin z", display: true },
    ]);
    expect(inline("so $$x^2$$ it is")[1]).toMatchObject({ type: "formula", latex: "x^2", display: true });
  });

  it("are not prices, code, or what is escaped", () => {
    for (const text of ["from $5 to $10 each", "`$x$`", "a $ b $ c", "\\$x\\$"])
      expect(inline(text)).not.toContainEqual(expect.objectContaining({ type: "formula" }));
  });
});

it("tells raw HTML from text, so that it is shown and not made", () => {
  expect(kinds("<script>alert(1)</script>")).toEqual(["html"]);
  expect(inline("a <img src=x onerror=alert(1)> b")[1]).toMatchObject({ type: "html" });
});

it("follows links to pages only", () => {
  for (const href of ["https://arxiv.org", "mailto:a@b.example", "/sweeps/k3v9x2mq", "#top"]) expect(safeHref(href)).toBe(href);
  for (const href of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", " https://x"])
    expect(safeHref(href)).toBeNull();
});

it("links ids of runs and sweeps, and no words, dates or parts of longer ids", () => {
  expect(linkedPieces("k3v9x2mq beat k3v9x2mq-0-12.")).toEqual([
    { text: "k3v9x2mq", href: "/sweeps/k3v9x2mq" },
    { text: " beat ", href: null },
    { text: "k3v9x2mq-0-12", href: "/runs/k3v9x2mq-0-12" },
    { text: ".", href: null },
  ]);
  for (const text of ["standard", "20261201", "3fa94c1b20de", "learningRate"])
    expect(linkedPieces(text)).toEqual([{ text, href: null }]);
});
