import { apiSeries, trainerSeries } from "@basin/contracts";

type Unit = "none" | "ops" | "s" | "bytes" | "percentunit";

export interface Panel {
  title: string;
  /** stat: one number. lines: over time. */
  kind: "stat" | "lines";
  unit: Unit;
  /** of 24 columns */
  width: number;
  queries: readonly { expr: string; legend: string }[];
  /** of what a machine may lack, and then nobody answers */
  needs?: "gpu";
}

export interface Dashboard {
  uid: string;
  title: string;
  /** a label of a series from which the reader chooses, `$pool` in the panels */
  variable?: { name: "pool"; series: string };
  panels: readonly Panel[];
}

/** The name of a series of the api, as a panel asks for it; nothing else can be asked for. */
export const api = (key: keyof typeof apiSeries): string => apiSeries[key].name;
export const trainer = (key: keyof typeof trainerSeries): string => trainerSeries[key].name;

export const rate = (series: string, window = "1m"): string => `rate(${series}[${window}])`;

/** Of a histogram: what 95 % of the observations of five minutes stay below. */
export const p95 = (series: string, ...by: string[]): string =>
  `histogram_quantile(0.95, sum by (${["le", ...by].join(", ")}) (rate(${series}_bucket[5m])))`;

export function stat(title: string, unit: Unit, expr: string, width = 4): Panel {
  return { title, kind: "stat", unit, width, queries: [{ expr, legend: "" }] };
}

/** Each query with what its lines are called. */
export function lines(title: string, unit: Unit, queries: Record<string, string>, more: Partial<Panel> = {}): Panel {
  const list = Object.entries(queries).map(([legend, expr]) => ({ expr, legend }));
  return { title, kind: "lines", unit, width: 12, queries: list, ...more };
}
