import { trialIdOf, type Results, type Sweep } from "@basin/contracts";
import { Database, readOutcomes } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { bestFirst, GroupFigures } from "./group-figures";
import { readGrouping } from "./grouping";

@Injectable()
export class ResultsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * The results of a sweep by configuration. Runs pass through page by page; what stays in memory is one number per run and
   * metric.
   */
  async results(
    sweep: Sweep,
    query: { groupBy?: readonly string[] | undefined; sort: "objective" | "index"; limit: number },
  ): Promise<Results> {
    const minimize = sweep.objective.direction === "minimize";
    const criterion = findExperiment(sweep.spec.experiment)?.success ?? null;
    const grouping = await readGrouping(this.database, sweep.id, sweep.spec, query.groupBy);
    const figures = grouping.groups.map(() => new GroupFigures(minimize, criterion));
    for await (const page of readOutcomes(this.database, sweep.id, { metrics: true })) {
      for (const outcome of page) {
        const place = grouping.groupOf(outcome.trialIndex);
        if (place !== undefined) figures[place]?.add(outcome);
      }
    }
    const order = query.sort === "objective" ? bestFirst(figures, minimize) : figures.map((_, i) => i);
    const groups = order.slice(0, query.limit).flatMap((place) => {
      const group = grouping.groups[place];
      const figure = figures[place];
      if (!group || !figure) return [];
      const trials = group.trials.map((index) => trialIdOf(sweep.id, index));
      return [{ group: group.group, trials, trialCount: group.trialCount, ...figure.summary() }];
    });
    return {
      sweep: sweep.id,
      objective: sweep.objective,
      groupedBy: grouping.groupedBy,
      groups,
      more: order.length - groups.length,
    };
  }
}
