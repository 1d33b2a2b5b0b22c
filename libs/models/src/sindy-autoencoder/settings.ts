import { LibraryParameters, SindyAutoencoderParameters } from "@basin/contracts";
import type { PackRun } from "@basin/engine";
import { buildLibrary, latentVariables, type Library } from "@basin/problems";
import type { TensorSpec } from "../network-state/tensor-state";

/** The family's own parameters out of a run's configuration, which also holds the problem's. Throws ZodError. */
export function sindyParametersOf(run: Pick<PackRun, "parameters">): SindyAutoencoderParameters {
  const own = Object.entries(run.parameters).filter(([name]) => name in SindyAutoencoderParameters.shape);
  return SindyAutoencoderParameters.parse(Object.fromEntries(own));
}

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

/** Throws RangeError for parameters that go together with no meaning. */
export function architectureOf(parameters: SindyAutoencoderParameters, width: number): Architecture {
  const { latentWidth, hiddenLayers, procedure, velocityTerms } = parameters;
  const order = parameters.order === 1 ? 1 : 2;
  if (procedure.startsWith("gauge-scan") && latentWidth !== 1) {
    throw new RangeError(`The gauge scan searches the affine gauges of one latent variable, not of ${latentWidth}.`);
  }
  if (procedure === "gauge-scan-polished" && order === 1)
    throw new RangeError("The polished gauge scan is for laws of second order: it knows how a bent coordinate disturbs z̈.");
  if (procedure === "gauge-search" && !isQuadratic(parameters))
    throw new RangeError(
      "The gauge search needs a library of the constant and all monomials of the latent variables to degree 2.",
    );
  if (velocityTerms && order === 1) throw new RangeError("A law of first order has no velocities in its library.");
  const names = Object.keys(LibraryParameters.shape);
  const own = LibraryParameters.parse(Object.fromEntries(Object.entries(parameters).filter(([name]) => names.includes(name))));
  const library = buildLibrary(own, latentVariables(latentWidth, velocityTerms));
  if (library.terms.length === 0) throw new RangeError("The library has no term.");
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

/** Whether affine maps of the latent variables keep laws of the library within it, at degree 2. */
function isQuadratic(parameters: SindyAutoencoderParameters): boolean {
  const { polynomialDegree, crossTerms, constantTerm, sine, cosine, reciprocal, velocityTerms } = parameters;
  return polynomialDegree === 2 && crossTerms && constantTerm && !(sine || cosine || reciprocal || velocityTerms);
}
