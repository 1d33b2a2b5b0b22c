import { LibraryParameters } from "@basin/contracts";
import { libraryGradient, libraryTerms, openBackend } from "@basin/engine";
import { buildLibrary, latentVariables, reciprocalSoftening } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { composedGradient, composedTerms, libraryTensors } from "./library-tensors";

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
