import type { DatasetContent } from "@basin/contracts";

/** What a problem may ask for beyond its parameters. */
export interface ProblemResources {
  /** The dataset of that id. Throws when it is not among those that the experiment named in `datasets`. */
  dataset(id: string): DatasetContent;
}

/** For experiments that need no dataset. */
export const noResources: ProblemResources = {
  dataset(id) {
    throw new RangeError(`The dataset ${id} was not brought along.`);
  },
};
