import type { Configuration, Issue } from "@basin/contracts";
import { randomStream, symmetricEigen } from "@basin/numerics";
import { z } from "zod";
import { checkSpace, checkVaries } from "./check-space";
import { allows } from "./constraints";
import { withMargin } from "./cma/margin";
import {
  adapted,
  defaultPopulation,
  firstDistribution,
  product,
  spectral,
  strategyConstants,
  type Distribution,
} from "./cma/strategy";
import { warmDistribution } from "./cma/warm-start";
import { dimensionsOf, gridSize, valueAt } from "./dimension";
import { NumberedState } from "./numbered-candidates";
import { axisOf, type Axis } from "./parzen/axis";
import { candidatesOf } from "./random";
import { takeSuggestions } from "./result-batches";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import type { SearchedTrial, SearchHistory } from "./search-history";
import { trialCount } from "./trial-budget";
import { TrialLosses } from "./trial-losses";

const CmaEsConfig = z.strictObject({
  trials: trialCount("How many configurations are tried. More can be added to a running sweep."),
  population: z.int().min(4).max(1024).optional().meta({
    title: "Trials in a generation",
    description: "They train at the same time; each knows nothing of the others' results",
    "x-absent": "4 + 3 ln d for d parameters",
  }),
});
type CmaEsConfig = z.infer<typeof CmaEsConfig>;
type Input = SearchInput<CmaEsConfig>;

const firstSigma = 1 / 6;
/** Below this part of the first step, or beyond this ratio of the axes' squares, it begins again elsewhere. */
const leastStep = 1e-12;
const greatestCondition = 1e14;
/** So often is a sample outside the space drawn again, per dimension; then it is moved to the border. */
const redraws = 10;
/** Each generation takes the eigenvalues of a matrix of so many rows. */
const mostDimensions = 100;

/**
 * CMA-ES (N. Hansen, arXiv:1604.00772) in the unit cube with a margin for numbers of few values, active negative weights, σ = 1/6 from the middle, begun again at a random place once it has shrunk to a point. A
 * generation is a batch: its trials are drawn from one distribution, which follows from the results of all generations before. Numbers only, without conditions.
 */
export const cmaEs: SearchAlgorithm<CmaEsConfig, NumberedState> = {
  id: "cma-es",
  version: 1,
  title: "CMA-ES",
  summary:
    "Moves and shapes a normal distribution towards better results, a generation at a time; for numbers only, best with hundreds of trials.",
  configSchema: CmaEsConfig,
  stateSchema: NumberedState,
  listensToResults: true,
  check: ({ space, config }) => [...checkSpace(space), ...checkVaries(space, config.trials), ...checkNumbers(space)],
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next(input, state, event, history) {
    const axes = numericAxes(input.space);
    const batchSize = input.config.population ?? defaultPopulation(Math.max(1, axes.length));
    const batches = { trials: input.config.trials, batch: "synchronous" as const, batchSize };
    return takeSuggestions(input.space, batches, state, event, history, (trial) => {
      const generations = (axes.length === 0 ? null : generationsOf(input, history, axes, batchSize)) ?? null;
      return configurationAt(input.space, axes, generations?.sample(trial) ?? new Float64Array(0));
    });
  },
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};

function configurationAt(space: Input["space"], axes: readonly Axis[], xs: Float64Array): Configuration {
  const values = new Map(axes.map((axis, j) => [axis.name, axis.value(xs[j] ?? 0)]));
  return Object.fromEntries(
    dimensionsOf(space).map(([name, dimension]): [string, Configuration[string]] => [
      name,
      values.get(name) ?? valueAt(dimension, 0),
    ]),
  );
}

function numericAxes(space: Input["space"]): Axis[] {
  return dimensionsOf(space).flatMap(([name, dimension]) => (gridSize(dimension) === 1 ? [] : [axisOf(name, dimension)]));
}

function checkNumbers(space: Input["space"]): Issue[] {
  const use = 'use the algorithm "tpe"';
  const issues = dimensionsOf(space).flatMap(([name, dimension]): Issue[] => {
    if (dimension.when)
      return [{ path: `space.${name}.when`, message: "CMA-ES moves all parameters together and knows no conditions", hint: use }];
    if (dimension.type !== "choice" || dimension.values.length === 1) return [];
    return [
      {
        path: `space.${name}.type`,
        message: `CMA-ES takes numbers only, and ${name} is a choice`,
        hint: `give it as a range or in steps, fix it, or ${use}`,
      },
    ];
  });
  const varying = numericAxes(space).length;
  if (varying <= mostDimensions) return issues;
  const message = `${varying} parameters vary; CMA-ES takes ${mostDimensions} at most here`;
  return [...issues, { path: "space", message, hint: `fix some of them, or ${use}` }];
}

/** The distributions of all generations so far; each follows from the one before and its results. */
class Generations {
  readonly #distributions: Distribution[];
  readonly #roots: Float64Array[] = [];
  readonly #losses: TrialLosses;
  readonly #constants;
  readonly #cells: number[];

  constructor(
    private readonly input: Input,
    private readonly axes: readonly Axis[],
    private readonly population: number,
    earlier: readonly SearchedTrial[],
  ) {
    this.#constants = strategyConstants(axes.length, population);
    this.#cells = axes.map(({ halfCell }) => (halfCell === 0 ? 0 : Math.round(0.5 / halfCell)));
    this.#losses = new TrialLosses(input.direction);
    const warm = warmDistribution(this.#constants, knownPoints(input, axes, earlier));
    this.#distributions = [warm ?? firstDistribution(this.#constants, firstSigma)];
  }

  /** Adapts to the generations that have ended since; false: what was adapted to has changed. */
  update(trials: SearchHistory["trials"]): boolean {
    const before = (this.#distributions.length - 1) * this.population;
    if (trials.length < before || this.#losses.changed(trials, before)) return false;
    this.#losses.update(trials);
    for (let g = this.#distributions.length - 1; (g + 1) * this.population <= trials.length; g++) {
      const last = (g + 1) * this.population;
      const losses = this.#losses.of(last);
      if (trials.slice(g * this.population, last).some(({ ended }) => !ended)) break;
      const order = Array.from({ length: this.population }, (_, k) => g * this.population + k).sort(
        (a, b) => (losses[a] ?? 0) - (losses[b] ?? 0) || a - b,
      );
      const distribution = this.#distributions[g];
      if (!distribution) break;
      const samples = order.map((trial) => this.sample(trial));
      const next = adapted(this.#constants, distribution, samples);
      const begun = firstDistribution(this.#constants, firstSigma);
      randomStream(this.input.seed, "search/cma-es/restart", g).fillUniform(begun.mean);
      const alpha = 1 / (this.axes.length * this.population);
      this.#distributions.push(withMargin(hasEnded(next) ? begun : next, this.#cells, alpha));
    }
    return true;
  }

  /** The point of a trial, drawn from its generation's distribution; in [0, 1]^d. */
  sample(trial: number): Float64Array {
    const g = Math.floor(trial / this.population);
    const distribution = this.#distributions[g];
    if (!distribution) throw new Error(`generation ${g} is drawn before the one before it has ended`);
    const d = this.axes.length;
    const root = (this.#roots[g] ??= spectral(distribution, d, Math.sqrt));
    const stream = randomStream(this.input.seed, "search/cma-es", trial);
    const z = new Float64Array(d);
    let x = new Float64Array(d);
    for (let tries = 0; tries <= redraws * d; tries++) {
      stream.fillNormal(z, tries * d);
      const step = product(root, z);
      x = distribution.mean.map((m, j) => m + distribution.sigma * (distribution.scale[j] ?? 1) * (step[j] ?? 0));
      if (x.every((value) => value >= 0 && value <= 1) && this.#allows(x)) return x;
    }
    const moved = x.map((value) => Math.min(1, Math.max(0, value)));
    if (this.#allows(moved)) return moved;
    // The distribution lies where nothing is allowed: a random configuration that is.
    const random = candidatesOf(this.input)(trial);
    return Float64Array.from(this.axes, ({ name, coordinate }) => coordinate(random[name]));
  }

  #allows(x: Float64Array): boolean {
    return !this.input.constraints?.length || allows(this.input, configurationAt(this.input.space, this.axes, x));
  }
}

/** What trials before the first generation say of the space. */
function knownPoints(input: Input, axes: readonly Axis[], earlier: readonly SearchedTrial[]) {
  const losses = new TrialLosses(input.direction);
  losses.update(earlier);
  const told = losses.of(earlier.length);
  return earlier.map(({ parameters }, i) => ({
    x: Float64Array.from(axes, ({ name, coordinate }) => coordinate(parameters[name])),
    loss: told[i] ?? Number.NaN,
  }));
}

/** It has shrunk to a point, or its shape can no longer be computed with. */
function hasEnded({ sigma, covariance, mean }: Distribution): boolean {
  if (![...covariance, ...mean, sigma].every(Number.isFinite)) return true;
  const { values } = symmetricEigen(covariance, mean.length);
  const [least, greatest] = [values[0] ?? 0, values.at(-1) ?? 0];
  return sigma * Math.sqrt(greatest) < leastStep * firstSigma || greatest > greatestCondition * least;
}

const derived = new WeakMap<SearchHistory, { input: Input; generations: Generations }>();

function generationsOf(input: Input, history: SearchHistory, axes: readonly Axis[], population: number): Generations {
  const known = derived.get(history);
  const { trials, learned = trials } = history;
  if (
    known?.input.space === input.space &&
    known.input.seed === input.seed &&
    known.input.config.population === input.config.population
  ) {
    if (known.generations.update(trials)) return known.generations;
  }
  const generations = new Generations(input, axes, population, learned.slice(0, learned.length - trials.length));
  generations.update(trials);
  derived.set(history, { input, generations });
  return generations;
}
