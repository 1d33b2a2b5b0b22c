import { FormulaError } from "./formula-error";

/** A word, number or sign of a formula; `end` is what stands behind the last. */
export interface Token {
  kind: "number" | "name" | "sign" | "end";
  text: string;
  at: number;
}

const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]*)?/y;
const signs = "+-*/^()=,";

/** What a person who typed a sign that is none most likely meant. */
const meant: Readonly<Record<string, string>> = {
  "−": "write -",
  "–": "write -",
  "·": "write *",
  "×": "write *",
  "÷": "write /",
  "²": "write ^2",
  "³": "write ^3",
  "√": "write sqrt(…)",
  π: "write pi",
  α: "write alpha",
  "∂": "write a derivative as u_t or u_xx",
  "′": "write a derivative as u_t or u_xx",
  "'": "write a derivative as u_t or u_xx",
  "[": "write (",
  "]": "write )",
  "{": "write (",
  "}": "write )",
  ";": "one equation stands alone",
  "|": "write abs(…)",
  "<": "an equation has =",
  ">": "an equation has =",
  "\\": "write names alone, e.g. alpha and sin(x)",
  _: "a derivative is written behind an unknown, e.g. u_x",
};

/** Throws FormulaError at a character that no formula has. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const found = match(number, text, at) ?? match(name, text, at);
    if (found !== null) {
      tokens.push({ kind: /[A-Za-z]/.test(character) ? "name" : "number", text: found, at });
      at += found.length;
    } else if (text.startsWith("**", at)) {
      throw new FormulaError('found "**", which is no operator', at, 2, "a power is written ^");
    } else if (signs.includes(character)) {
      tokens.push({ kind: "sign", text: character, at });
      at += 1;
    } else throw new FormulaError(`found "${character}", which no formula has`, at, character.length, meant[character]);
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
