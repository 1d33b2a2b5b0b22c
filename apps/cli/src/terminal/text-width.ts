import { stripVTControlCharacters } from "node:util";

/** Columns that a text takes, colour codes left out. The texts here hold no wide characters. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}

/** Lines of at most `width` columns, broken between words, and within a word that is longer. For text without colour codes. */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const joined = line === "" ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      lines[lines.length - 1] = joined;
      continue;
    }
    if (line === "") lines.pop();
    const characters = [...word];
    for (let at = 0; at < characters.length; at += width) lines.push(characters.slice(at, at + width).join(""));
  }
  return lines;
}

/** Cuts to `width` columns and keeps colour codes whole; a cut text ends in "…". */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let columns = 0;
  let out = "";
  const pieces = text.split(/(\u001b\[[0-9;]*m)/);
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 1) {
      out += piece;
      continue;
    }
    for (const character of piece) {
      if (columns >= width - 1) continue;
      out += character;
      columns++;
    }
  }
  return `${out}…\u001b[0m`;
}
