import { autoencoderFamily } from "./autoencoder/autoencoder-family";
import { cnnFamily } from "./cnn/cnn-family";
import { customLossFamily } from "./custom-loss/custom-loss-family";
import { descentFamily } from "./descent/descent-family";
import { diagnosticFamily } from "./diagnostic/diagnostic-family";
import type { ModelFamily } from "./family";
import { mlpFamily } from "./mlp/mlp-family";
import { pinnFamily } from "./pinn/pinn-family";
import { rolloutFamily } from "./rollout/rollout-family";
import { sindyFamily } from "./sindy/sindy-family";
import { sindyAutoencoderFamily } from "./sindy-autoencoder/sindy-autoencoder-family";

/** One folder and one line add a family; the conformance suite runs over each. */
const families: ModelFamily[] = [
  mlpFamily,
  cnnFamily,
  autoencoderFamily,
  customLossFamily,
  sindyAutoencoderFamily,
  sindyFamily,
  pinnFamily,
  rolloutFamily,
  descentFamily,
  diagnosticFamily,
];

/** Every model family: ours, then those from outside. */
export const modelFamilies: readonly ModelFamily[] = families;

/** Adds families from outside. Throws RangeError, and adds none, for an id that is taken or has no slash. */
export function addFamilies(added: readonly ModelFamily[]): void {
  for (const { id } of added) {
    if (!id.includes("/"))
      throw new RangeError(`The family "${id}" from outside needs a slash in its id, e.g. "my-package/${id}".`);
    if (families.some((family) => family.id === id)) throw new RangeError(`There is a model family "${id}" already.`);
  }
  families.push(...added);
}
