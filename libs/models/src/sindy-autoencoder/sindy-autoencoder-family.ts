import { requireSameShape, type ModelFamily } from "../family";
import { SindyAutoencoderProgram } from "./sindy-autoencoder-program";

/** SINDy autoencoders: measurements → latent variables whose law of motion is sparse. For problems of the kind "latent-dynamics". */
export const sindyAutoencoderFamily: ModelFamily = {
  id: "sindy-autoencoder",
  create(definition, runs, sink, resources) {
    requireSameShape(definition, runs);
    return Promise.resolve(new SindyAutoencoderProgram(definition, runs, sink, resources));
  },
};
