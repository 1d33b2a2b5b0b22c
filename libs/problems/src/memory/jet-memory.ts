import { LibraryParameters, PinnParameters, SindyAutoencoderParameters, type Configuration } from "@basin/contracts";
import { buildLibrary, latentVariables } from "../dynamics/library";
import { valuesOf, type DataSizes } from "./data-sizes";
import { ownParameters } from "./own-parameters";
import { valuesPerWeight } from "./training-sizes";

/** Samples that go through a network at once where no gradient is needed. */
const forwardSamples = 512;
/** Columns of the size of a grid that the terms of an equation take, with their gradients. */
const termColumns = 20;

const { held, changing } = valuesPerWeight("adam", false);
/** Values that go with each weight in a step, its gradient included. */
const adamValues = held + changing + 1;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Weights and biases of dense layers. */
function denseWeights(widths: readonly number[]): number {
  return sum(widths.slice(1).map((n, i) => ((widths[i] ?? 0) + 1) * n));
}

/** What the kernels of a backward pass need beside their tensors, for so many samples of one run. */
function backwardScratch(widths: readonly number[], samples: number, jets: number): number {
  const largest = Math.max(...widths.slice(1).map((n, i) => (widths[i] ?? 0) * n));
  return 2 * largest + 2 * jets * samples * Math.max(...widths);
}

/** Of the family `sindy-autoencoder`, in values of 4 bytes. */
export function sindyAutoencoderMemory(parameters: Configuration, sizes: DataSizes): { shared: number; run: number } {
  const own = ownParameters(SindyAutoencoderParameters, parameters);
  const { order, latentWidth, velocityTerms } = own;
  const library = buildLibrary(ownParameters(LibraryParameters, parameters), latentVariables(latentWidth, velocityTerms));
  const terms = library.terms.length;
  const factors = Math.max(1, ...library.terms.map((term) => term.factors.length));
  const width = valuesOf(sizes.input);
  const { samples, heldOut = 0 } = sizes;
  const batch = Math.min(own.batchSize, samples);
  const jets = order + 1;
  const widths = [width, ...own.hiddenLayers, latentWidth];
  const weights = denseWeights(widths) + denseWeights(widths.toReversed()) + terms * latentWidth;
  // Inputs, the traces of both networks, latents, the library, and two decoded quantities.
  const forward = jets * width + 4 * jets * sum(own.hiddenLayers) + 2 * jets * latentWidth + terms * (1 + factors) + 2 * width;
  // Of those the gradients by the decoded quantities, the library and the latents.
  const backward = 2 * width + terms + 4 * jets * latentWidth;
  return {
    shared: jets * width * (samples + heldOut) + backwardScratch(widths, batch, jets),
    run:
      weights * adamValues +
      Math.max(batch * (forward + backward), Math.min(heldOut, forwardSamples) * forward) +
      own.stepsPerBlock * batch +
      heldOut,
  };
}

/** Of the family `pinn`, in values of 4 bytes. */
export function pinnMemory(
  parameters: Configuration,
  { samples, input, outputs, derivatives = 2 }: DataSizes,
): { shared: number; run: number } {
  const { hiddenLayers, activation } = ownParameters(PinnParameters, parameters);
  const jets = 1 + derivatives;
  const coordinates = valuesOf(input);
  const widths = [coordinates, ...hiddenLayers, outputs];
  const hidden = (activation === "swish" ? 2 * jets + 1 : 2 * jets) * sum(hiddenLayers);
  return {
    shared: samples * (coordinates + outputs) + backwardScratch(widths, samples, jets),
    run: denseWeights(widths) * adamValues + samples * (jets * coordinates + hidden + 3 * jets * outputs + termColumns),
  };
}
