import { requireSameShape, type ModelFamily } from "../family";
import { RolloutProgram } from "./rollout-program";

/** Networks in closed loop with a plant, or with a memory alone on sequences, trained through time. For problems of the kind "rollout". */
export const rolloutFamily: ModelFamily = {
  id: "rollout",
  create(definition, runs, sink, resources) {
    requireSameShape(definition, runs);
    return Promise.resolve(new RolloutProgram(definition, runs, sink, resources));
  },
};
