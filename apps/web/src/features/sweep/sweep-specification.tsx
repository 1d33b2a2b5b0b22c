import { routeUrl, type Sweep } from "@basin/contracts";
import { Panel } from "../layout/panel";
import { SpecJson } from "../new-sweep/spec-json";
import css from "./sweep.module.css";

export function SweepSpecification({ sweep }: { sweep: Sweep }) {
  return (
    <div className={css.stack}>
      {sweep.spec.notes !== "" && (
        <Panel title="Notes">
          <div className={css.notes}>{sweep.spec.notes}</div>
        </Panel>
      )}
      <Panel title="Specification" note="submit the same with “basin sweep submit FILE”">
        <SpecJson spec={sweep.spec} />
      </Panel>
    </div>
  );
}

/** Links that download every run, or every metric point, of a sweep. */
export function ExportLinks({ sweep }: { sweep: Sweep }) {
  const link = (format: "csv" | "ndjson", what: "runs" | "metrics", text: string) => (
    <a href={routeUrl("", "exportSweep", { params: { sweep: sweep.id }, query: { format, what } })} download>
      {text}
    </a>
  );
  return (
    <span className={css.links}>
      <span>Export</span>
      {link("csv", "runs", "runs CSV")}
      {link("ndjson", "runs", "runs NDJSON")}
      {link("csv", "metrics", "metrics CSV")}
      {link("ndjson", "metrics", "metrics NDJSON")}
    </span>
  );
}
