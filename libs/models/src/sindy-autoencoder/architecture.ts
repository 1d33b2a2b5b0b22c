import { LibraryParameters, type SindyAutoencoderParameters } from "@basin/contracts";
import { buildLibrary, checkLawSearch, latentVariables, UntrainableError, type Library } from "@basin/problems";
import { ownParameters } from "../training/own-parameters";
import type { TensorSpec } from "../training/tensor-state";

/** The shape of a pack's networks and law. */
export interface Architecture {
  order: 1 | 2;
  latentWidth: number;
  /** Of the encoder, measurements first; the decoder has them backwards. */
  widths: readonly number[];
  library: Library;
  /** Weight [in, out] and bias [1, out] of the encoder's and then the decoder's layers, and last Ξ [terms, latentWidth]. */
  specs: readonly TensorSpec[];
  /** Layers of the encoder, and of the decoder. */
  layers: number;
}

/** Throws UntrainableError for parameters that go together with no meaning. */
export function architectureOf(parameters: SindyAutoencoderParameters, width: number): Architecture {
  const { latentWidth, hiddenLayers, velocityTerms } = parameters;
  const order = parameters.order === 1 ? 1 : 2;
  const [issue] = checkLawSearch(parameters);
  if (issue) throw new UntrainableError(`${issue.path}: ${issue.message}`, issue.path);
  const library = buildLibrary(ownParameters(LibraryParameters, { parameters }), latentVariables(latentWidth, velocityTerms));
  const widths = [width, ...hiddenLayers, latentWidth];
  const layersOf = (part: string, sizes: readonly number[]): TensorSpec[] =>
    sizes.slice(1).flatMap((out, layer): TensorSpec[] => [
      { name: `${part}.${layer}.weight`, shape: [sizes[layer] ?? 0, out] },
      { name: `${part}.${layer}.bias`, shape: [1, out] },
    ]);
  return {
    order,
    latentWidth,
    widths,
    library,
    layers: widths.length - 1,
    specs: [
      ...layersOf("encoder", widths),
      ...layersOf("decoder", [...widths].reverse()),
      { name: "coefficients", shape: [library.terms.length, latentWidth] },
    ],
  };
}

/** Of what is stored beside the weights: 1 where a term is active. */
export function maskSpec({ library, latentWidth }: Pick<Architecture, "library" | "latentWidth">): TensorSpec {
  return { name: "mask", shape: [library.terms.length * latentWidth] };
}
