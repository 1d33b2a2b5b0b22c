import type { ParameterValue } from "@basin/contracts";

/** Four significant digits, short: 0.9986, 8.79e-5, 12340. */
export function figure(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(digits - 2).replace("e+", "e");
  return size >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(digits)));
}

/** A parameter's value as a person would write it: 3e-4, tanh, [64, 64]; – where it does not apply. */
export function parameterText(value: ParameterValue | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") {
    const plain = String(value);
    if (Number.isInteger(value) && Math.abs(value) < 1e5) return plain;
    const exponential = value.toExponential().replace("e+", "e");
    return exponential.length < plain.length ? exponential : plain;
  }
  if (Array.isArray(value)) return `[${value.map(parameterText).join(", ")}]`;
  return String(value);
}

export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** 42 s, 3 min 05 s, 2 h 07 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const pad = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  const rest = eighths % 8;
  return (
    "█".repeat(full) + (rest === 0 ? "" : (" ▏▎▍▌▋▊▉"[rest] ?? "")) + "░".repeat(Math.max(0, width - full - (rest === 0 ? 0 : 1)))
  );
}

/** 512 B, 1.5 MB, 20 GB: powers of ten. */
export function byteSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${figure(bytes / 1000 ** power, 3)} ${units[power] ?? "B"}`;
}
