import type { Configuration } from "@basin/contracts";
import { DiagnosticParameters, diagnosticValues, LogicGatesParameters } from "@basin/problems";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { ControlPlanePeer, PeerRun } from "./control-plane-peer";

/** Runs of the diagnostic experiment, one for each seed. */
export const diagnostic = (count: number, parameters: Configuration): { seed: number; parameters: Configuration }[] =>
  Array.from({ length: count }, (_, seed) => ({ seed, parameters: DiagnosticParameters.parse(parameters) }));

/** As many of a small network. */
export const logicGates = (count: number, parameters: Configuration): { seed: number; parameters: Configuration }[] =>
  Array.from({ length: count }, (_, seed) => ({ seed, parameters: LogicGatesParameters.parse(parameters) }));

/** What the experiment's own formula says, and what arrived, must be the same to the bit. */
export function expectExactSeries(peer: ControlPlanePeer, run: PeerRun, metrics = 1): void {
  const parameters = DiagnosticParameters.parse(run.parameters);
  const valueAt = diagnosticValues(run.seed, parameters);
  const steps = Array.from({ length: parameters.steps }, (_, i) => i + 1);
  for (let k = 0; k < metrics; k++) {
    expect(peer.series(run, `value${k}`), `${run.run} value${k}`).toEqual({
      steps,
      values: steps.map((step) => valueAt(step, k)),
    });
  }
  expect(run.result?.metrics["value0"]).toBe(valueAt(parameters.steps, 0));
  expect(run.result?.steps).toBe(parameters.steps);
}

export const allOver = (runs: readonly PeerRun[]): boolean => runs.every(({ result }) => result !== null);
/** The files in a trainer's spool. */
export const spooled = (directory: string): string[] => readdirSync(join(directory, "spool"));
