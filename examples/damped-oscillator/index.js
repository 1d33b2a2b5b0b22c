import { oscillatorFit } from "./oscillator-fit.js";
import { oscillatorNetwork } from "./oscillator-network.js";

/**
 * Two experiments on x(t) = exp(-g t) cos(w t). The kit carries Basin's own zod, random numbers and network parameters; nothing of
 * Basin is imported. `families` is only called in a trainer's worker threads, where a backend is open.
 */
export default function basinExtension(kit) {
  return {
    experiments: [oscillatorNetwork(kit), oscillatorFit(kit)],
    families: async (familyKit) => [(await import("./fit-family.js")).fitFamily(familyKit, kit)],
  };
}
