import { DatasetId } from "@basin/contracts";

/** Shown for a value that does not exist or is not a finite number. */
export const missing = "–";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const superscript = (exponent: number): string =>
  `${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)] ?? "").join("")}`;

let digitsByDefault = 4;

/** How many significant digits figures get where nobody asks for another number: a person's choice, for this page. */
export function setDefaultDigits(digits: number): void {
  digitsByDefault = digits;
}

/** "1.500" → "1.5", "2.000" → "2"; text without a decimal point stays. */
const trimZeros = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** Digits in groups of three with a thin space: 1234567 → "1 234 567". Numbers below 10 000 stay together. */
export function formatCount(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  if (Math.abs(value) >= 1e15) return formatNumber(value);
  const text = String(Math.round(value));
  return Math.abs(value) < 10_000 ? text.replace("-", "−") : text.replace(/\B(?=(\d{3})+$)/g, "\u202f").replace("-", "−");
}

/**
 * A number with `digits` significant digits (four, unless setDefaultDigits was called): plain between 1e-4 and 1e6 in size, else as 1.234×10⁻⁵. Trailing zeros are
 * dropped. Null, undefined, NaN and infinities give "–".
 */
export function formatNumber(value: number | null | undefined, digits = digitsByDefault): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  if (value === 0) return "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential(digits - 1).split("e");
  const exponent = Number(exponentText);
  const text =
    exponent < -4 || exponent >= 6
      ? `${trimZeros(mantissa)}×10${superscript(exponent)}`
      : trimZeros(Number(value.toPrecision(digits)).toFixed(Math.max(0, digits - 1 - exponent)));
  return text.replace(/^-/, "−");
}

/** Full precision, for titles and copied text. */
export const exactNumber = (value: number | null | undefined): string =>
  value === null || value === undefined ? missing : String(value);

/** "0.9957 [0.9941, 0.9972]"; without an interval only the value. */
export function formatInterval(value: number | null, low: number | null, high: number | null, digits = digitsByDefault): string {
  if (low === null || high === null) return formatNumber(value, digits);
  return `${formatNumber(value, digits)} [${formatNumber(low, digits)}, ${formatNumber(high, digits)}]`;
}

/** 0.8 → "80 %"; one decimal below 10 % and above 99 % where it matters. */
export function formatPercent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return missing;
  const percent = share * 100;
  const edge = (percent > 0 && percent < 10) || (percent > 99 && percent < 100);
  return `${trimZeros(percent.toFixed(edge ? 1 : 0))}\u202f%`;
}

/** Two leading units at most: "4.2 s", "3 min 20 s", "2 h 5 min", "3 d 4 h", "2 years 40 d". */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return missing;
  const s = Math.max(0, seconds);
  if (s < 1) return `${Math.round(s * 1000)} ms`;
  if (s < 9.95) return `${trimZeros(s.toFixed(1))} s`;
  const units = [
    [31_556_952, "years"],
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const;
  const whole = Math.round(s);
  const at = units.findIndex(([size]) => whole >= size);
  const [size, name] = units[at] ?? [1, "s"];
  const next = units[at + 1];
  if (!next) return `${whole} ${name}`;
  const rest = Math.round((whole % size) / next[0]);
  if (rest * next[0] === size) return `${Math.floor(whole / size) + 1} ${name}`;
  return `${Math.floor(whole / size)} ${name}${rest > 0 ? ` ${rest} ${next[1]}` : ""}`;
}

/** "312 B", "1.4 kB", "12 MB" (powers of 1000). */
export function formatBytes(bytes: number): string {
  const names = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < names.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : trimZeros(value.toPrecision(value >= 99.5 ? 3 : 2))} ${names[unit] ?? "B"}`;
}

/** Digits of a dataset's id that are shown, and are enough to name it by. */
const shownDigits = 12;

/**
 * A parameter's value as a person writes it: 0.001, tanh, yes, 64 × 64 × 32; of a dataset the first digits of its id; texts of a list apart by
 * semicolons, as they may hold commas.
 */
export function formatParameter(value: unknown): string {
  if (typeof value === "number") return formatNumber(value, 6);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return DatasetId.safeParse(value).success ? value.slice(0, shownDigits) : value;
  if (Array.isArray(value)) {
    const texts = value.some((one) => typeof one === "string");
    return value.length === 0 ? "none" : value.map(formatParameter).join(texts ? "; " : " × ");
  }
  return value === undefined || value === null ? missing : JSON.stringify(value);
}

/** "just now", "12 s ago", "5 min ago", "in 3 min", "2 d ago". */
export function formatAgo(thenMilliseconds: number, nowMilliseconds: number): string {
  const seconds = (nowMilliseconds - thenMilliseconds) / 1000;
  const size = Math.abs(seconds);
  if (size < 2) return "just now";
  const text =
    size < 60
      ? `${Math.floor(size)} s`
      : size < 3600
        ? `${Math.floor(size / 60)} min`
        : size < 86_400
          ? `${Math.floor(size / 3600)} h`
          : `${Math.floor(size / 86_400)} d`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}
