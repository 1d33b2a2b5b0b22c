import { Report } from "@basin/contracts";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

export type Figures = Report["figures"];
export type Check = Report["checks"][number];
export type Rows = Report["rows"];

/** A figure from repeated measurements: the median, with the extremes. */
export function figure(samples: readonly number[], unit: string): Figures[string] {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
  const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);
  return { value: finite(median), unit, min: finite(sorted[0]), max: finite(sorted.at(-1)), samples: sorted.length };
}

/** Nearest-rank percentile, p in (0, 1]. NaN for no samples. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function atLeast(name: string, got: number | null, bound: number): Check {
  return got === null
    ? { name, want: `>= ${bound}`, got, met: null, reason: "not measured" }
    : { name, want: `>= ${bound}`, got, met: got >= bound };
}

export function atMost(name: string, got: number | null, bound: number): Check {
  return got === null
    ? { name, want: `<= ${bound}`, got, met: null, reason: "not measured" }
    : { name, want: `<= ${bound}`, got, met: got <= bound };
}

export interface BenchmarkOptions {
  quick: boolean;
  /** A folder that holds the stack's data before and after, instead of one that is removed; null: that. */
  keep: string | null;
  /** Measures only what is named; null: all. */
  only: readonly string[] | null;
  /** A folder with learning curves; null: none was named. */
  curves: string | null;
}

export interface Measurement {
  figures: Figures;
  checks: Check[];
  rows: Record<string, unknown>[];
  backend: string;
}

/** Prints a measurement for people and, when asked, writes it as a Report. */
export function publish(name: string, startedAt: Date, measurement: Measurement, file: string | undefined): void {
  const report = Report.parse({
    report: `bench.${name}`,
    version: 1,
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
      backend: measurement.backend,
    },
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    figures: measurement.figures,
    checks: measurement.checks,
    rows: measurement.rows,
  });
  for (const row of report.rows) console.log(JSON.stringify(row));
  for (const [key, { value, unit, min, max, samples }] of Object.entries(report.figures)) {
    console.log(`${key.padEnd(32)} ${format(value)} ${unit}   (min ${format(min)}, max ${format(max)}, ${samples} samples)`);
  }
  for (const { name: check, want, got, met, reason } of report.checks) {
    console.log(
      `${met === null ? "?" : met ? "✔" : "✘"} ${check}: want ${want}, got ${typeof got === "number" ? format(got) : got}${reason ? ` (${reason})` : ""}`,
    );
  }
  if (file !== undefined) {
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    console.log(`Report: ${file}`);
  }
}

function format(value: number | null): string {
  return value === null
    ? "–"
    : Math.abs(value) >= 1000
      ? Math.round(value).toLocaleString("en")
      : Number(value.toPrecision(4)).toString();
}
