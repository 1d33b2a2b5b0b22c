import { routeUrl, type Sweep } from "@basin/contracts";
import { Panel } from "../layout/panel";
import { SpecJson } from "./spec-json";
import css from "./sweep-parts.module.css";

/** The spec as it was submitted, with the defaults filled in. */
export function SweepSpecification({ sweep }: { sweep: Sweep }) {
  return (
    <Panel title="Specification" note="submit the same with “basin sweep submit FILE”">
      <SpecJson spec={sweep.spec} />
    </Panel>
  );
}

/** Links that download every run, or every metric point, of a sweep. */
export function ExportLinks({ sweep }: { sweep: Sweep }) {
  const link = (format: "csv" | "ndjson" | "parquet", what: "runs" | "metrics", text: string) => (
    <a
      href={routeUrl("", "exportSweep", { params: { sweep: sweep.id }, query: { format, what } })}
      aria-label={`Export ${what} as ${text}`}
      download
    >
      {text}
    </a>
  );
  return (
    <span className={css.links}>
      <span>Export runs:</span>
      {link("csv", "runs", "CSV")}
      {link("ndjson", "runs", "NDJSON")}
      {link("parquet", "runs", "Parquet")}
      <span>metrics:</span>
      {link("csv", "metrics", "CSV")}
      {link("ndjson", "metrics", "NDJSON")}
      {link("parquet", "metrics", "Parquet")}
    </span>
  );
}
