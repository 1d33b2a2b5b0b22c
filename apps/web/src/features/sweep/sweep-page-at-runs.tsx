"use client";
import type { SweepId } from "@basin/contracts";
import { RunsTab } from "../runs-table/runs-tab";
import { SweepPage } from "./sweep-page";

const ready = { name: "runs", Content: RunsTab };

/** A sweep's page that is opened at the table of runs, whose rows stand in the document as it arrives. */
export function SweepPageAtRuns({ id }: { id: SweepId }) {
  return <SweepPage id={id} ready={ready} />;
}
