import { ActivationName, layerActivationsOf, type MlpParameters, type RegressionLoss } from "@basin/contracts";
import type { SupervisedProblem } from "@basin/problems";
import type { TensorSpec } from "../training/tensor-state";
import type { NetworkLoss } from "./network-loss";
import type { ActivationShape } from "./shaped-activation";

/** One array of a network: [rows, columns]; what has one row is a vector in files. */
export interface ValueSpec extends TensorSpec {
  shape: readonly [rows: number, columns: number];
}

const matrix = (name: string, rows: number, columns: number): ValueSpec => ({ name, shape: [rows, columns] });
const vector = (name: string, columns: number): ValueSpec => ({ name, shape: [1, columns], storedShape: [columns] });

/** What a network is made of, apart from its numbers. */
export interface Architecture {
  /** Width of every layer from the inputs to the outputs. */
  widths: readonly number[];
  /** Of every layer as it trains; the last one's is linear where sigmoid or softmax belong to the loss. */
  activations: readonly ActivationName[];
  /** Of the last layer when predicting. */
  predicting: ActivationName;
  softmax: boolean;
  /** Of those activations that have one. */
  shape: ActivationShape;
  /** Batch normalization before the activation of every hidden layer. */
  normalized: boolean;
  loss: NetworkLoss;
  /**
   * w₀, b₀, w₁, b₁ …, with normalization then scale and shift of each hidden layer, then running mean and variance of each.
   */
  specs: readonly ValueSpec[];
  /** The first so many of `specs` are trained. */
  trained: number;
}

/** The loss that a problem names, or that its configuration chose, and what the outputs go through. */
interface ChosenLoss {
  loss: SupervisedProblem["loss"] | RegressionLoss;
  outputActivation: SupervisedProblem["outputActivation"];
}

/** Throws RangeError for layer activations that do not fit the layers, and for a loss that has no meaning with the output activation. */
export function architectureOf(
  problem: ChosenLoss,
  { inputWidth, outputWidth }: { inputWidth: number; outputWidth: number },
  parameters: Pick<MlpParameters, "hiddenLayers" | "activation" | "layerActivations" | "batchNormalization"> &
    Partial<ActivationShape>,
): Architecture {
  const {
    hiddenLayers,
    activation,
    layerActivations,
    batchNormalization: normalized,
    leakySlope = 0.01,
    eluAlpha = 1,
  } = parameters;
  const widths = [inputWidth, ...hiddenLayers, outputWidth];
  const stage = outputStageOf(problem);
  const named = layerActivationsOf(layerActivations).map((name) => ActivationName.parse(name));
  if (named.length > 0 && named.length !== hiddenLayers.length) {
    throw new RangeError(`layerActivations names ${named.length} activations for ${hiddenLayers.length} hidden layers.`);
  }
  const hidden = named.length > 0 ? named : hiddenLayers.map(() => activation);
  const perLayer = (pair: (layer: number) => [ValueSpec, ValueSpec], layers: number): ValueSpec[] =>
    Array.from({ length: layers }, (_, layer) => pair(layer)).flat();
  const dense = perLayer((layer) => {
    const [rows = 0, columns = 0] = widths.slice(layer, layer + 2);
    return [matrix(`layers.${layer}.weight`, rows, columns), vector(`layers.${layer}.bias`, columns)];
  }, widths.length - 1);
  const ofHidden = (first: string, second: string): ValueSpec[] =>
    perLayer(
      (layer) => {
        const columns = hiddenLayers[layer] ?? 0;
        return [vector(`layers.${layer}.${first}`, columns), vector(`layers.${layer}.${second}`, columns)];
      },
      normalized ? hiddenLayers.length : 0,
    );
  const trained = [...dense, ...ofHidden("scale", "shift")];
  return {
    widths,
    activations: [...hidden, stage.training],
    predicting: stage.predicting,
    softmax: stage.softmax,
    shape: { leakySlope, eluAlpha },
    normalized,
    loss: stage.loss,
    specs: [...trained, ...ofHidden("runningMean", "runningVariance")],
    trained: trained.length,
  };
}

/** The last layer's activation while training (softmax and sigmoid are part of their loss) and when predicting. */
interface OutputStage {
  loss: NetworkLoss;
  training: ActivationName;
  predicting: ActivationName;
  softmax: boolean;
}

function outputStageOf({ loss: given, outputActivation }: ChosenLoss): OutputStage {
  const { loss: name, huberDelta } = typeof given === "string" ? { loss: given, huberDelta: 1 } : given;
  switch (name) {
    case "mse":
    case "mae":
    case "huber":
      if (outputActivation === "softmax") {
        if (name === "huber") break;
        return { loss: { ofSoftmax: name }, training: "linear", predicting: "linear", softmax: true };
      }
      return {
        loss: name === "huber" ? { huberDelta } : name,
        training: outputActivation,
        predicting: outputActivation,
        softmax: false,
      };
    case "bce":
      if (outputActivation !== "sigmoid") break;
      return { loss: "bce-of-logits", training: "linear", predicting: "sigmoid", softmax: false };
    case "cce":
      if (outputActivation !== "softmax") break;
      return { loss: "cce-of-logits", training: "linear", predicting: "linear", softmax: true };
  }
  throw new RangeError(
    `The loss "${name}" does not go with the output activation "${outputActivation}": mse and mae take any, huber any but softmax, bce takes sigmoid, cce takes softmax.`,
  );
}
