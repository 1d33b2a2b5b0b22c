import { LibraryParameters } from "@basin/contracts";
import { libraryGradient, libraryTerms, openBackend } from "@basin/engine";
import { buildLibrary, evaluateTerms, latentVariables, reciprocalSoftening } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { composedGradient, composedTerms, libraryBackward, libraryForward, libraryTensors } from "./library-tensors";

beforeAll(async () => {
  await openBackend("wasm");
});

it.each([
  { name: "one variable", variables: 1, velocities: false, changes: {} },
  { name: "a variable and its velocity", variables: 1, velocities: true, changes: { cosine: true, reciprocal: true } },
  { name: "three variables", variables: 3, velocities: false, changes: { polynomialDegree: 2, crossTerms: true, sine: false } },
])("one kernel has the same bits as operation by operation: $name", ({ variables, velocities, changes }) => {
  const library = buildLibrary(LibraryParameters.parse(changes), latentVariables(variables, velocities));
  const { selections, variables: count } = libraryTensors(library);
  const [runs, samples] = [2, 7];
  const values = tf.tensor3d(
    Float32Array.from({ length: runs * samples * count }, (_, i) => 3 * Math.sin(1.7 * i + 0.3)),
    [runs, samples, count],
  );
  const place = { selections, softening: reciprocalSoftening, variables: values, sine: tf.sin(values), cosine: tf.cos(values) };
  const gradient = tf.cos<tf.Tensor3D>(tf.reshape(tf.range(0, runs * samples * library.terms.length), [runs, samples, -1]));
  const whole = libraryTerms(place);
  const composed = composedTerms(place);
  expect(library.terms.length).toBeGreaterThan(2);
  expect(whole.theta.dataSync()).toEqual(composed.theta.dataSync());
  expect(libraryGradient(place, whole.factors, gradient).dataSync()).toEqual(
    composedGradient(place, composed.factors, gradient).dataSync(),
  );
});

it("a library with square roots has the values and the gradient of its terms", () => {
  const library = buildLibrary(
    LibraryParameters.parse({ squareRoot: true, reciprocal: true, polynomialDegree: 2 }),
    latentVariables(2, false),
  );
  expect(library.terms.map(({ text }) => text).slice(-2)).toEqual(["√|z1|", "√|z2|"]);
  const tensors = libraryTensors(library);
  expect(tensors.roots).toBe(true);
  const points = [
    [0.7, -1.3],
    [0.02, 2.1],
    [-0.4, -0.01],
  ];
  const weights = library.terms.map((_, k) => Math.cos(k));
  const cost = (point: readonly number[]): number => {
    const theta: number[] = [];
    evaluateTerms(library, point, theta);
    return theta.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), 0);
  };
  const { theta, gradient } = tf.tidy(() => {
    const trace = libraryForward(tensors, tf.tensor3d([points]));
    const by = tf.tensor3d([points.map(() => weights)]);
    return { theta: [...trace.theta.dataSync<"float32">()], gradient: [...libraryBackward(trace, by).dataSync<"float32">()] };
  });
  const h = 1e-6;
  points.forEach((point, i) => {
    const exact: number[] = [];
    evaluateTerms(library, point, exact);
    exact.forEach((value, k) => expect(theta[i * exact.length + k]).toBeCloseTo(value, 4));
    point.forEach((_, j) => {
      const at = (change: number): number => cost(point.map((v, n) => (n === j ? v + change : v)));
      const slope = (at(h) - at(-h)) / (2 * h);
      expect(Math.abs((gradient[2 * i + j] ?? NaN) - slope)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
    });
  });
  tensors.selections.dispose();
});
