import { Backend } from "@basin/contracts";
import { chooseBackend, openBackend, readSafetensors, useSoftwareGpu } from "@basin/engine";
import { expect } from "vitest";
import type { Recording } from "./recorded-pack";

/** The backend that the conformance suite runs on: `BASIN_TEST_BACKEND`, else wasm. */
export const suiteBackend = Backend.parse(process.env["BASIN_TEST_BACKEND"] ?? "wasm");

/** Whether a run has the same bits in every pack; on native TensorFlow the order of a sum depends on the shapes. */
export const bitwise = suiteBackend !== "tensorflow";

/**
 * How far two trainings of the same run may lie apart after the suite's few steps on a backend that is not bitwise: |a − b| ≤
 * tolerance · max(1, |b|) for every metric point, final metric and weight. It adds float32 numbers in other orders.
 */
const tolerances: Readonly<Record<Backend, number>> = { wasm: 0, cpu: 0, tensorflow: 1e-5, webgpu: 0 };

/**
 * Opens it. Rejects when the machine does not have it. Without a driver of the caller's choice (VK_DRIVER_FILES), webgpu takes
 * the software one that chromium brings on Debian.
 */
export async function openSuiteBackend(): Promise<void> {
  if (suiteBackend === "webgpu") useSoftwareGpu();
  await chooseBackend(suiteBackend);
  await openBackend(suiteBackend);
}

/** The same training twice: bit by bit where the backend promises it, else within its tolerance. */
export function expectSameTraining(got: Recording | undefined, want: Recording | undefined): void {
  if (bitwise) expect(got).toEqual(want);
  else expectCloseTraining(got, want);
}

/** Within the tolerance of the suite's backend, for trainings on two backends too. */
export function expectCloseTraining(got: Recording | undefined, want: Recording | undefined): void {
  const tolerance = tolerances[suiteBackend];
  const [mine, theirs] = [numbersOf(got), numbersOf(want)];
  expect([...mine.keys()]).toEqual([...theirs.keys()]);
  let worst = { place: "", deviation: 0 };
  for (const [place, values] of mine) {
    const others = theirs.get(place) ?? [];
    expect(values.length, place).toBe(others.length);
    values.forEach((value, i) => {
      const other = others[i] ?? Number.NaN;
      const deviation = Math.abs(value - other) / Math.max(1, Math.abs(other));
      if (!(deviation <= worst.deviation)) worst = { place: `${place}[${i}]: ${value} and ${other}`, deviation };
    });
  }
  if (process.env["BASIN_TEST_DEVIATIONS"])
    process.stdout.write(`deviation ${worst.deviation.toExponential(2)} at ${worst.place}\n`);
  expect(worst.deviation, worst.place).toBeLessThanOrEqual(tolerance);
}

/** Every number that a run reported, by where it stands. */
function numbersOf(recording: Recording | undefined): Map<string, readonly number[]> {
  const all = new Map<string, readonly number[]>();
  for (const [metric, points] of Object.entries(recording?.series ?? {})) {
    all.set(
      `steps of ${metric}`,
      points.map(([step]) => step),
    );
    all.set(
      metric,
      points.map(([, value]) => value),
    );
  }
  for (const [name, value] of Object.entries(recording?.result?.metrics ?? {})) all.set(`final ${name}`, [value]);
  for (const { name, kind, content } of recording?.result?.artifacts ?? []) {
    all.set(`artifact ${name}`, []);
    if (kind !== "weights") continue;
    for (const [tensor, { values }] of Object.entries(readSafetensors(content).tensors))
      all.set(`${name} ${tensor}`, [...values]);
  }
  return all;
}
