import { choiceOf } from "@basin/contracts";
import { z } from "zod";
import { dataSeed } from "../data-seed";

/** Parameters of the experiments on the 8 × 8 digits that say how the data are prepared. */
export const digitsDataParameters = {
  scaling: choiceOf(["unit", "raw"], { unit: "from 0 to 1", raw: "from 0 to 16, as in the file" })
    .default("unit")
    .meta({ title: "Pixel scaling", "x-advanced": true }),
  testFraction: z
    .number()
    .min(0.01)
    .max(0.9)
    .default(0.2)
    .meta({ title: "Test fraction", description: "Share of the 1,797 images that is never trained on.", "x-advanced": true }),
  dataSeed: dataSeed("Which images are held out; independent of the run's seed."),
};
