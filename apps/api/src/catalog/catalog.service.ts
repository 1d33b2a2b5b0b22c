import type { Catalog, ExperimentDescriptor, SearchAlgorithmDescriptor } from "@basin/contracts";
import { describeExperiment, experiments, externalExperiments, findExperiment } from "@basin/problems";
import { describeSearchAlgorithm, searchAlgorithms } from "@basin/search";
import { Inject, Injectable } from "@nestjs/common";
import { seenProject, type Asker } from "../http/asker";
import { ExperimentVersions } from "../experiments/experiment-versions.service";
import { NotFoundError } from "../http/request-errors";

/** Basin's own experiments never change while the process lives, so they are described once; those from outside come and go on in versions. */
@Injectable()
export class CatalogService {
  private readonly experiments: readonly ExperimentDescriptor[] = experiments.map(describeExperiment);
  private readonly searchAlgorithms: readonly SearchAlgorithmDescriptor[] = searchAlgorithms.map(describeSearchAlgorithm);

  constructor(@Inject(ExperimentVersions) private readonly versions: ExperimentVersions) {}

  catalog(options: { diagnostic: boolean }, asker: Asker): Catalog {
    const project = seenProject(asker);
    return {
      experiments: [
        ...this.experiments.filter((experiment) => options.diagnostic || !experiment.diagnostic),
        ...externalExperiments()
          .filter((experiment) => this.versions.isSeenIn(project, experiment.id))
          .map(describeExperiment),
      ],
      searchAlgorithms: [...this.searchAlgorithms],
    };
  }

  /** Throws NotFoundError. */
  async experiment(id: string, asker: Asker): Promise<ExperimentDescriptor> {
    const found = this.experiments.find((experiment) => experiment.id === id);
    if (found) return found;
    await this.versions.know(id);
    const external = this.versions.isSeenIn(seenProject(asker), id) ? findExperiment(id) : null;
    if (!external) throw new NotFoundError("experiment", id);
    return describeExperiment(external);
  }
}
