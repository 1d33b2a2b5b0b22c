import type { Catalog, ExperimentDescriptor, SearchAlgorithmDescriptor } from "@basin/contracts";
import { describeExperiment, experiments } from "@basin/problems";
import { describeSearchAlgorithm, searchAlgorithms } from "@basin/search";
import { Injectable } from "@nestjs/common";
import { NotFoundError } from "../http/request-errors";

/** The catalogue never changes while the process lives, so it is described once. */
@Injectable()
export class CatalogService {
  private readonly experiments: readonly ExperimentDescriptor[] = experiments.map(describeExperiment);
  private readonly searchAlgorithms: readonly SearchAlgorithmDescriptor[] = searchAlgorithms.map(describeSearchAlgorithm);

  catalog(options: { diagnostic: boolean }): Catalog {
    return {
      experiments: this.experiments.filter((experiment) => options.diagnostic || !experiment.diagnostic),
      searchAlgorithms: [...this.searchAlgorithms],
    };
  }

  experiment(id: string): ExperimentDescriptor {
    const found = this.experiments.find((experiment) => experiment.id === id);
    if (!found) throw new NotFoundError("experiment", id);
    return found;
  }
}
