/** An array of numbers with its shape, row-major. */
export interface NamedArray {
  shape: readonly number[];
  values: Float32Array;
}

/**
 * Weights by name, as in the artifact `weights.safetensors`: `layers.0.weight` [in, out], `layers.0.bias` [out], … and with batch
 * normalization `layers.0.scale`, `.shift`, `.runningMean`, `.runningVariance` [out].
 */
export type NetworkWeights = Readonly<Record<string, NamedArray>>;

/**
 * One run's network after its last step, as a problem may question it for figures and plots. Inputs are row-major
 * [points, inputWidth], outputs [points, outputWidth] with the output activation applied. It may be used only until the promise of
 * the method that received it settles. Everything but `predictWithDropout` is evaluated without dropout and with the running averages of batch normalization.
 */
export interface TrainedNetwork {
  readonly seed: number;
  /** Those that the figures are taken with: the last, or the best when these are restored. */
  readonly weights: NetworkWeights;
  /** Those before the first step; with `initialWeights` of the problem, what it gave. */
  readonly initialWeights: NetworkWeights;
  /** The weights after those epochs that the problem's `snapshotEpochs` names and the run reached, first to last. */
  readonly snapshots: readonly { epoch: number; weights: NetworkWeights }[];
  /** The training loss of every epoch, first to last, where the problem `followsLoss`; else empty. */
  readonly lossHistory: readonly number[];
  predict(inputs: Float32Array): Promise<Float32Array>;
  /** The same network with other weights of the same names and shapes: slices of the loss landscape, the start, a snapshot. */
  predictWith(weights: NetworkWeights, inputs: Float32Array): Promise<Float32Array>;
  /** The same for several sets of weights at once, which is much faster than one after the other. */
  predictWithEach(weights: readonly NetworkWeights[], inputs: Float32Array): Promise<Float32Array[]>;
  /**
   * The same with units left out as in training, drawn anew for every one of so many passes (Monte Carlo dropout): their mean and spread
   * tell how sure the network is. Without dropout all passes are alike.
   */
  predictWithDropout(inputs: Float32Array, passes: number): Promise<Float32Array[]>;
  /**
   * Exact derivatives of the outputs along a direction v of the inputs ([inputWidth]; a unit vector for a partial derivative) by
   * forward propagation: element k − 1 is dᵏ/dsᵏ f(x + s·v) at s = 0 for k = 1 … order. Throws RangeError for a softmax output.
   */
  derivatives(inputs: Float32Array, direction: ArrayLike<number>, order: 1 | 2 | 3): Promise<Float32Array[]>;
  /** What leaves each layer, first hidden to output: [points, width] each. */
  layerOutputs(weights: NetworkWeights, inputs: Float32Array): Promise<Float32Array[]>;
  /** ∂(mean loss)/∂weight of every trained array at the samples given, by backpropagation as in training, as one batch and without dropout. */
  gradients(weights: NetworkWeights, inputs: Float32Array, targets: Float32Array): Promise<NetworkWeights>;
  /** The same as the optimizer would receive them: with the run's penalties on weights, and cut to its limits of value and norm. */
  limitedGradients(weights: NetworkWeights, inputs: Float32Array, targets: Float32Array): Promise<NetworkWeights>;
  /**
   * What batch normalization makes of each hidden layer before scale and shift, with mean and variance of the points as one batch, as in
   * training: [points, width] each. Empty without batch normalization.
   */
  normalizedOutputs(weights: NetworkWeights, inputs: Float32Array): Promise<Float32Array[]>;
  /** The factors of dropout on each hidden layer in a training step, 0 or 1/(1 − p): [samples, width] each. Epoch and batch from 0; empty without dropout. */
  dropoutFactors(epoch: number, batch: number, samples: number): Float32Array[];
}
