import type { Issue, SweepId } from "@basin/contracts";
import { readEarlierRuns, readSweep, type Database } from "@basin/database";
import { chosenParameters, liesInSpace, type EarlierTrial, type RunResult } from "@basin/search";
import { InputError } from "../http/request-errors";
import type { SweepPlan } from "../scheduler/sweep-commands";

/** The newest trials of an earlier sweep that a search begins with. */
const mostTrials = 2000;

/** The trials of the sweep that the spec names as its start; null where it names none. `sees`: whether a sweep is there for who asks. Throws InputError for what a search cannot begin with. */
export async function earlierTrials(
  database: Database,
  plan: SweepPlan,
  sees: (sweep: SweepId) => Promise<boolean>,
): Promise<EarlierTrial[] | null> {
  const { warmStart, space } = plan.spec;
  if (warmStart === undefined) return null;
  const refuse = (message: string, hint: string): never => {
    const issue: Issue = { path: "warmStart", message, hint };
    throw new InputError([issue]);
  };
  const { algorithm } = plan.search;
  if (!algorithm.listensToResults)
    return refuse(
      `${algorithm.title} does not learn from results, so nothing can be begun with`,
      "use a search that learns, such as auto or tpe, or leave it out",
    );
  const sweep = (await sees(warmStart)) ? await readSweep(database, warmStart) : null;
  if (!sweep) return refuse(`there is no sweep ${warmStart}`, "name a sweep of this Basin");
  if (sweep.spec.experiment !== plan.spec.experiment)
    return refuse(`is of the experiment ${sweep.spec.experiment}`, `name a sweep of ${plan.spec.experiment}`);
  const { metric, direction } = sweep.objective;
  if (metric !== plan.objective.metric || direction !== plan.objective.direction)
    return refuse(
      `has the objective to ${direction} ${metric}, and this one is to ${plan.objective.direction} ${plan.objective.metric}`,
      "give this sweep the same objective, or name another",
    );
  const trials = new Map<number, EarlierTrial & { runs: RunResult[] }>();
  for (const { trial, parameters, initialization, outcome, value } of await readEarlierRuns(database, warmStart, mostTrials)) {
    if (outcome === "pending" || outcome === "queued" || outcome === "running") continue;
    const known = trials.get(trial) ?? { parameters: chosenParameters(space, parameters), runs: [] };
    known.runs.push({ initialization, value, outcome });
    trials.set(trial, known);
  }
  const fitting = [...trials.values()].filter(({ parameters }) => liesInSpace(space, parameters));
  if (fitting.length === 0)
    return refuse(
      trials.size === 0
        ? "has no trial that has ended"
        : `none of its ${trials.size} trials that have ended lies in the space of this sweep`,
      trials.size === 0 ? "wait for some, or leave it out" : "widen the space, or leave it out",
    );
  return fitting;
}
