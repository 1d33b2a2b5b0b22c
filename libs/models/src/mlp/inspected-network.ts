import type { NetworkWeights, TrainedNetwork } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { startsOf } from "../training/sample-epoch";
import { namedTensors } from "../training/tensor-state";
import type { Architecture } from "./architecture";
import { predictionMasks, runMasks, type DropoutSetting } from "./dropout";
import { adjustGradients, type Strengths } from "./gradient-adjustment";
import { inputDerivatives } from "./input-derivatives";
import { backward, evaluationMode, forward, type NetworkArrays } from "./network";
import { networkLoss } from "./network-loss";
import { predict } from "./predict";

/** Points that go through at once where many layers or derivatives are kept: fewer where layers are wide, as a value of each unit is kept several times. */
const pointsAtOnce = (net: Architecture): number => Math.max(1, Math.min(1024, Math.floor(2 ** 17 / Math.max(...net.widths))));

/** Memory that networks side by side may take: beyond it they are no faster, and large ones would not fit. */
const sideBySideBytes = 64 * 1024 ** 2;

/** A run's arrays on the host, in the specs' order. */
export interface RunValues {
  seed: number;
  parameters: Strengths & DropoutSetting;
  kept: readonly Float32Array[];
  initial: readonly Float32Array[];
  snapshots: readonly { epoch: number; values: readonly Float32Array[] }[];
  lossHistory: readonly number[];
}

/** What a problem may ask of a run's network after its last step. Holds no tensors between two questions. */
export function inspectNetwork(net: Architecture, values: RunValues): TrainedNetwork {
  const { seed, parameters, kept, initial, snapshots, lossHistory } = values;
  const weightsOf = (values: readonly Float32Array[]): NetworkWeights => namedTensors("", net.specs, values);
  const inputWidth = net.widths[0] ?? 0;
  const weights = weightsOf(kept);

  /** Networks side by side, as the runs of a pack, for as long as `use` takes. */
  async function withNetworks<T>(given: readonly NetworkWeights[], use: (own: NetworkArrays) => Promise<T>): Promise<T> {
    const own = net.specs.map(({ name, shape: [rows, columns] }) => {
      const all = new Float32Array(given.length * rows * columns);
      given.forEach((one, i) => {
        const values = one[name]?.values;
        if (values?.length !== rows * columns) throw new RangeError(`The network needs ${rows * columns} values of "${name}".`);
        all.set(values, i * rows * columns);
      });
      return tf.tensor3d(all, [given.length, rows, columns]);
    });
    try {
      return await use(own);
    } finally {
      tf.dispose(own);
    }
  }

  const withArrays = <T>(given: NetworkWeights, use: (own: NetworkArrays) => Promise<T>): Promise<T> =>
    withNetworks([given], use);

  /** Values of several tensors [1, count, width] for all points, each joined over the parts. */
  async function inParts(inputs: Float32Array, compute: (x: tf.Tensor3D) => readonly tf.Tensor3D[]): Promise<Float32Array[]> {
    const points = inputs.length / inputWidth;
    const joined: Float32Array[] = [];
    for (const { start, count } of startsOf(points, pointsAtOnce(net))) {
      const tensors = tf.tidy(() => {
        const part = inputs.slice(start * inputWidth, (start + count) * inputWidth);
        return [...compute(tf.tensor3d(part, [1, count, inputWidth]))];
      });
      for (const [i, tensor] of tensors.entries()) {
        const all = (joined[i] ??= new Float32Array(points * tensor.shape[2]));
        all.set(await tensor.data<"float32">(), start * tensor.shape[2]);
      }
      tf.dispose(tensors);
    }
    return joined;
  }

  async function predictSideBySide(given: readonly NetworkWeights[], inputs: Float32Array): Promise<Float32Array[]> {
    return withNetworks(given, async (own) => {
      const points = inputs.length / inputWidth;
      const output = tf.tidy(() => {
        const x = tf.broadcastTo<tf.Rank.R3>(tf.tensor3d(inputs, [1, points, inputWidth]), [given.length, points, inputWidth]);
        const predicting = { ...net, activations: [...net.activations.slice(0, -1), net.predicting] };
        const last = forward(predicting, own, x, evaluationMode).output;
        return net.softmax ? tf.softmax(last) : last;
      });
      const values = await output.data<"float32">();
      output.dispose();
      const each = values.length / given.length;
      return given.map((_, i) => values.slice(i * each, (i + 1) * each));
    });
  }

  /** By backpropagation as in training; `limited` as the optimizer gets them. */
  async function gradientsOf(
    own: NetworkArrays,
    inputs: Float32Array,
    targets: Float32Array,
    limited: boolean,
  ): Promise<NetworkWeights> {
    const tensors = tf.tidy(() => {
      const x = tf.tensor3d(inputs, [1, inputs.length / inputWidth, inputWidth]);
      const { output, traces } = forward(net, own, x, { traces: true, batchStatistics: true, masks: null });
      const { gradient } = networkLoss(net.loss, output, tf.tensor3d(targets, output.shape), true);
      if (!gradient) throw new Error("a loss without gradient");
      const gradients = backward(net, own, traces, gradient);
      return [...(limited ? adjustGradients(net, own, gradients, [parameters]) : gradients)];
    });
    const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
    tf.dispose(tensors);
    return weightsOf(values);
  }

  return {
    seed,
    weights,
    initialWeights: weightsOf(initial),
    snapshots: snapshots.map((one) => ({ epoch: one.epoch, weights: weightsOf(one.values) })),
    lossHistory,
    predict: (inputs) => withArrays(weights, (own) => predict(net, own, inputs)),
    predictWith: (given, inputs) => withArrays(given, (own) => predict(net, own, inputs)),
    async predictWithEach(given, inputs) {
      const points = inputs.length / inputWidth;
      const values = net.specs.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0);
      const bytes = 4 * (values + points * net.widths.reduce((sum, width) => sum + width, 0));
      const outputs: Float32Array[] = [];
      for (const { start, count } of startsOf(given.length, Math.max(1, Math.floor(sideBySideBytes / bytes))))
        outputs.push(...(await predictSideBySide(given.slice(start, start + count), inputs)));
      return outputs;
    },
    async predictWithDropout(inputs, passes) {
      const outputs: Float32Array[] = [];
      await withArrays(weights, async (own) => {
        for (let pass = 0; pass < passes; pass++) {
          let part = 0;
          const [output = new Float32Array(0)] = await inParts(inputs, (x) => {
            const masks = predictionMasks(net, { seed, parameters }, { pass, part: part++, count: x.shape[1] });
            const predicting = { ...net, activations: [...net.activations.slice(0, -1), net.predicting] };
            const mode = { ...evaluationMode, masks: masks.hidden };
            const last = forward(predicting, own, tf.mul(x, masks.input), mode).output;
            return [net.softmax ? tf.softmax(last) : last];
          });
          outputs.push(output);
        }
      });
      return outputs;
    },
    derivatives: (inputs, direction, order) =>
      withArrays(weights, (own) =>
        inParts(inputs, (x) => {
          const along = tf.broadcastTo<tf.Rank.R3>(tf.tensor3d(Float32Array.from(direction), [1, 1, inputWidth]), x.shape);
          return inputDerivatives(net, own, x, along, order).slice(1);
        }),
      ),
    layerOutputs: (given, inputs) =>
      withArrays(given, (own) =>
        inParts(inputs, (x) => {
          const predicting = { ...net, activations: [...net.activations.slice(0, -1), net.predicting] };
          const { output, traces } = forward(predicting, own, x, { ...evaluationMode, traces: true });
          return [...traces.slice(1).map(({ input }) => input), net.softmax ? tf.softmax(output) : output];
        }),
      ),
    gradients: (given, inputs, targets) => withArrays(given, (own) => gradientsOf(own, inputs, targets, false)),
    limitedGradients: (given, inputs, targets) => withArrays(given, (own) => gradientsOf(own, inputs, targets, true)),
    normalizedOutputs: (given, inputs) =>
      withArrays(given, async (own) => {
        const tensors = tf.tidy(() => {
          const x = tf.tensor3d(inputs, [1, inputs.length / inputWidth, inputWidth]);
          const { traces } = forward(net, own, x, { traces: true, batchStatistics: true, masks: null });
          return traces.flatMap(({ normalization }) => normalization?.standard ?? []);
        });
        const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
        tf.dispose(tensors);
        return values;
      }),
    dropoutFactors: (epoch, batch, samples) => runMasks(net, { run: { seed }, parameters, step: epoch }, batch, samples),
  };
}
