import { requireSameShape, type ModelFamily } from "../family";
import { PinnProgram } from "./pinn-program";

/** Networks that satisfy differential equations and agree with data. For problems of the kind "differential-equation". */
export const pinnFamily: ModelFamily = {
  id: "pinn",
  create(definition, runs, sink, resources) {
    requireSameShape(definition, runs);
    return Promise.resolve(new PinnProgram(definition, runs, sink, resources));
  },
};
