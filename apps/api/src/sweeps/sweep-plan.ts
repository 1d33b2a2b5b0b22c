import {
  closestName,
  heldOutSeeds,
  seedsOf,
  type AppliedParameters,
  type Issue,
  type SweepRequest,
  type SweepSpec,
} from "@basin/contracts";
import {
  ConfigurationError,
  configurationOf,
  equalValues,
  experiments,
  externalExperiments,
  findExperiment,
  idleParameters,
  inapplicableIn,
  objectiveWarnings,
  parameterWarnings,
  trainedSamples,
  type DatasetShapes,
  type EqualValues,
} from "@basin/problems";
import type { LiveTrainer } from "@basin/database";
import { emptyHistory, openSearch, spaceWarnings } from "@basin/search";
import { InputError } from "../http/request-errors";
import type { SweepPlan } from "../scheduler/sweep-commands";
import { readRequest } from "./read-request";
import { otherDirections } from "../scheduler/search-step";
import { planStopping } from "../scheduler/stopping-plan";

const greatestSeed = 2_147_483_647;

function unknownExperiment(id: string, sees: (experiment: string) => boolean): Issue {
  const outside = externalExperiments().filter((one) => sees(one.id));
  const known = [...experiments.filter((experiment) => !experiment.diagnostic), ...outside].map((one) => one.id);
  const near = closestName(id, known);
  const hint = `${near === null ? "" : `did you mean "${near}"? `}There are ${known.join(", ")}`;
  return { path: "experiment", message: `there is no experiment "${id}"`, hint };
}

function checkSeeds(spec: Pick<SweepSpec, "seeds" | "initializations">): Issue[] {
  const held = heldOutSeeds(spec).at(-1) ?? 0;
  if (held > greatestSeed) {
    const message = `the last seed would be above ${greatestSeed}: held-out seeds follow the greatest of the search`;
    return [{ path: "initializations.heldOut", message, hint: "use lower seeds, or hold fewer out" }];
  }
  const { seeds } = spec;
  if ("list" in seeds || seeds.first + seeds.count - 1 <= greatestSeed) return [];
  return [{ path: "seeds.count", message: `the last seed would be above ${greatestSeed}`, hint: "lower first or count" }];
}

function checkDeadline({ budget }: Pick<SweepSpec, "budget">): Issue[] {
  if (budget?.deadline === undefined || Date.parse(budget.deadline) > Date.now()) return [];
  return [
    { path: "budget.deadline", message: "has passed, so no run would begin", hint: `now it is ${new Date().toISOString()}` },
  ];
}

/** Throws InputError with everything that is wrong, paths from the root of the spec. `sees`: whether an experiment is there for who asks. */
export function planSweep(request: SweepRequest, sees: (experiment: string) => boolean = () => true): SweepPlan {
  const definition = sees(request.experiment) ? findExperiment(request.experiment) : null;
  const read = definition
    ? readRequest(definition, request)
    : { spec: null, issues: [unknownExperiment(request.experiment, sees)] };
  const { search, issues: searchIssues } = read.spec
    ? openSearch(read.spec, (read.spec.objective ?? definition?.objective)?.direction ?? "minimize", otherDirections(read.spec))
    : { search: null, issues: checkSearch(request.search) };
  const issues = [...read.issues, ...searchIssues, ...checkSeeds(read.spec ?? request), ...checkDeadline(request)];
  if (definition && read.spec)
    issues.push(...planStopping(definition, read.spec, read.spec.objective ?? definition.objective).issues);
  if (!definition || !read.spec || !search || issues.length > 0) throw new InputError(issues);
  return {
    // Of one from outside the sweep names the version that it runs with.
    spec: definition.problem.kind === "external" ? { ...read.spec, experiment: definition.problem.ref } : read.spec,
    definition,
    search,
    inapplicable: inapplicableIn(definition, read.spec.space),
    objective: read.spec.objective ?? definition.objective,
    seeds: [...seedsOf(read.spec.seeds), ...heldOutSeeds(read.spec)],
    trials: search.algorithm.plan(search.input).trials,
    earlier: null,
  };
}

/** What is wrong with the search whatever the space is. */
function checkSearch(search: SweepSpec["search"]): Issue[] {
  const { issues } = openSearch({ space: {}, search }, "minimize");
  return issues.filter(({ path }) => path.startsWith("search"));
}

/**
 * What of the plan is allowed but can teach nothing: swept parameters, or seeds, that change no run, an objective that is the same for all or that not all report,
 * ranges of one value, and what the search thinks is hardly meant.
 */
export function sweepWarnings({ definition, spec, seeds, search }: SweepPlan, datasets: DatasetShapes): Issue[] {
  const samples = trainedSamples(definition, datasets);
  const idle = idleParameters(definition, spec.space, seeds.length, samples);
  const nowhere = new Set(idle.flatMap(({ name, everywhere }) => (everywhere ? [name] : [])));
  return [
    ...objectiveWarnings(definition, spec),
    ...parameterWarnings(definition, spec.space),
    ...spaceWarnings(spec.space),
    ...equalValues(definition, spec.space, samples).flatMap((equal) => (nowhere.has(equal.name) ? [] : [equalWarning(equal)])),
    ...idle.map(({ name, everywhere }) =>
      name === "seed"
        ? {
            path: "seeds",
            message: everywhere
              ? "the seed changes nothing here: every run of a configuration gives the same numbers"
              : "in some configurations the seed changes nothing: their runs give the same numbers",
            hint: "one seed is enough where nothing is drawn",
          }
        : {
            path: `space.${name}`,
            message: everywhere
              ? `${name} has no effect in this sweep: its configurations train the same network`
              : `${name} has no effect in some of the configurations: those train the same network`,
            hint: everywhere ? "sweep another parameter, or change those that it depends on" : 'give it a "when"',
          },
    ),
    ...(search.algorithm.warn?.(search.input) ?? []),
  ];
}

/** What is said of a sweep that none of the trainers that take packs now would take. */
export function poolWarnings({ pool, experiment }: SweepSpec, trainers: readonly LiveTrainer[]): Issue[] {
  const outside = findExperiment(experiment)?.problem.kind === "external";
  const able = trainers.filter(({ experiments: known }) => known.includes(experiment)).map((trainer) => trainer.pool);
  if (able.includes(pool)) return [];
  const some = trainers.some((trainer) => trainer.pool === pool);
  const others = [...new Set(able)].sort();
  return [
    {
      path: "pool",
      message: outside
        ? `nobody works on ${experiment} in the pool ${pool} now: the sweep waits until somebody does`
        : `no trainer of the pool ${pool} ${some ? `has the experiment ${experiment}` : "takes packs now"}: the sweep waits until one does`,
      hint: `${outside ? "call basin.work(…) in Python, or run basin agent" : `start one with BASIN_POOL=${pool}`}${others.length === 0 ? "" : `, or use the pool ${others.join(" or ")}`}`,
    },
  ];
}

/** Of equal values at most so many are listed. */
const mostEqual = 5;

function equalWarning({ name, values, samples }: EqualValues): Issue {
  const shown = values.slice(0, mostEqual).map((value) => JSON.stringify(value));
  const listed = values.length > mostEqual ? `${shown.join(", ")} …` : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
  return samples === null
    ? {
        path: `space.${name}`,
        message: `${name} ${listed} are one value in single precision, in which networks are trained: runs that differ in nothing else are the same again and count once`,
        hint: "values differ there from about a ten-millionth of their size on",
      }
    : {
        path: `space.${name}`,
        message: `${name} ${listed} train the same network where there are at most ${samples} samples to train on, as each step takes all of them: such runs count once`,
        hint: `list one of them, and others below ${samples}`,
      };
}

/** The first configurations that the search would try, every parameter that applies filled in; found by running it, without any effect. */
export function sampleConfigurations(plan: SweepPlan, most: number): AppliedParameters[] {
  const { algorithm, input } = plan.search;
  const { actions } = algorithm.next(input, algorithm.init(input), { type: "capacity", trials: most }, emptyHistory);
  try {
    return actions
      .flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []))
      .slice(0, most)
      .map((parameters) => {
        return {
          ...configurationOf(plan.definition, parameters),
          ...Object.fromEntries(plan.inapplicable(parameters).map((name) => [name, null])),
        };
      });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new InputError(error.issues.map((issue) => ({ ...issue, path: `space.${issue.path}` })));
  }
}
