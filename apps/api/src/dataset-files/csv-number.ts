/** How the numbers of a file are written; null: not said, to be found. */
export interface NumberFormat {
  decimal: "." | "," | null;
  thousands: "," | "." | " " | "'" | null;
}

/** A cell as a number, or what keeps it from being one. `sign`: the decimal sign that it has, null for none. */
export type ReadNumber =
  | { value: number; sign: "." | "," | null; /** It may as well have a thousands separator, as 1,234 may. */ grouped: boolean }
  | { fault: string; hint: string }
  | null;

const plain = /^[+-]?(?:\d+([.,])?\d*|([.,])\d+)(?:[eE][+-]?\d+)?$/;
/** One to three digits that do not begin with 0, then groups of three: with one sign only, nothing tells whether it is a thousands separator. */
const inGroups = /^[+-]?[1-9]\d{0,2}(?:[.,]\d{3})+$/;
const groupSigns = { ",": ",", ".": "\\.", " ": "[ \\u00a0\\u2009\\u202f]", "'": "['\\u2019]" } as const;

/**
 * A reader of cells in a format. Reads nothing but plain numbers: -1.5e3, with a decimal comma as well unless the format says
 * otherwise, and with thousands separators only where it names them. What would change its value as a double is a fault: integers
 * that are rounded, numbers too large or too small. Null: no number.
 */
export function numberReader({ decimal, thousands }: NumberFormat): (cell: string) => ReadNumber {
  const grouping =
    thousands === null ? null : new RegExp(`^[+-]?\\d{1,3}(?:${groupSigns[thousands]}\\d{3})+(?![\\d])(?:[.,]\\d*)?$`);
  const separators = thousands === null ? null : new RegExp(groupSigns[thousands], "g");
  const wanted = decimal ?? (thousands === "," ? "." : thousands === "." ? "," : null);
  return (cell) => {
    const signed = cell.startsWith("\u2212") ? `-${cell.slice(1)}` : cell;
    const text = separators && grouping?.test(signed) ? signed.replace(separators, "") : signed;
    const found = plain.exec(text);
    if (!found) return null;
    const sign = (found[1] ?? found[2] ?? null) as "." | "," | null;
    if (sign !== null && wanted !== null && sign !== wanted) return null;
    const written = sign === "," ? text.replace(",", ".") : text;
    const value = Number(written);
    return faultOf(cell, written, value) ?? { value, sign, grouped: wanted === null && inGroups.test(text) };
  };
}

function faultOf(cell: string, written: string, value: number): ReadNumber {
  if (!Number.isFinite(value)) return { fault: "is too large for a number, which ends at 1.8e308", hint: "use a larger unit" };
  if (value === 0 && /^[^eE]*[1-9]/.test(written))
    return { fault: "is too small for a number and would become 0", hint: "use a smaller unit, or write 0" };
  // 2^53 has 16 digits: shorter integers are exact.
  if (written.length < 16 || /[eE]/.test(written)) return null;
  const [integer = ""] = written.replace(/^[+-]/, "").split(".");
  if (integer.length < 16 || BigInt(integer) === BigInt(Math.trunc(Math.abs(value)))) return null;
  return {
    fault: `has more digits than a number keeps: ${cell.slice(0, 40)} would become ${BigInt(Math.trunc(value))}`,
    hint: "integers are exact up to 2^53 = 9007199254740992; round it, or read the column as texts if it names something",
  };
}

const wrapped = /^[A-Za-z_][\w.]*\(\s*(.*?)\s*(?:,[^()]*)?\)$/;
const codes = "USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RUB|TRY|BRL|MXN|ZAR|KRW|Fr|Rs|kr";
const currency = new RegExp(`^(?:(?:${codes})\\.?\\s*(?=[\\p{Nd}+\\-\\u2212.,])|[A-Z]{0,2}\\p{Sc}\\s*)`, "u");
/** No number is longer, whatever is added to it. */
const longestNumber = 80;

/**
 * What a text that is no plain number, but is a number with something added, seems to hold, and what to write instead. Null for words.
 * Whatever begins with a digit once signs, brackets and currencies are left out counts, and so do infinities and 0x….
 */
export function numberLike(cell: string): { seems: string; write: string } | null {
  if (cell.length > longestNumber) return null;
  const outer = wrapped.exec(cell);
  if (outer && numberStart(outer[1] ?? ""))
    return { seems: "a number as a program prints it", write: `the number alone, e.g. ${short(outer[1] ?? "")}` };
  if (/^[+-]?0[xXbBoO][\dA-Fa-f]/.test(cell)) return { seems: "a hexadecimal, octal or binary number", write: "decimal digits" };
  if (/^[+\-\u2212]?(?:inf|infinity|\u221e)$/i.test(cell))
    return { seems: "infinity", write: "a finite number, or nothing when there is no value" };
  if (!numberStart(cell)) return null;
  if (/%|\u2030/.test(cell)) return { seems: "a percentage", write: "the number without the sign" };
  if (/\p{Sc}/u.test(cell) || currency.test(cell))
    return { seems: "an amount of money", write: "the number without the currency" };
  if (/^[+\-\u2212(]*\d{1,3}([,. \u00a0\u2009\u202f'\u2019_]\d{3})+(?!\d)/.test(cell))
    return {
      seems: "a number with thousands separators",
      write: "the digits without them, or say what separates them at the upload (thousands: comma, point, space or apostrophe)",
    };
  if (/^\(.*\)$|\d-$/.test(cell)) return { seems: "a negative amount", write: "a minus sign before the digits" };
  if (/\d\s*[\p{L}\u00b0\u00b5]/u.test(cell))
    return { seems: "a number with a unit", write: "the number alone, with the unit in the column's name" };
  return { seems: "a number with something added", write: "a number like -1.5e3" };
}

function numberStart(text: string): boolean {
  const bare = text.trim().replace(/^[\s+\-\u2212\u2013\u00b1~\u2248<>\u2264\u2265=([{"'#]+/, "");
  return /^[.,]?[\p{Nd}\u00bc-\u00be\u2150-\u215e]/u.test(bare.replace(currency, "").replace(/^[+\-\u2212]\s*/, ""));
}

const short = (text: string): string => (text.length <= 20 ? text : `${text.slice(0, 20)}…`);
