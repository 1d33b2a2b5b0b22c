import { allenCahnSolution, burgersSolution, cosPi, helmholtzSolution, sinPi, type Box } from "@basin/numerics";
import {
  constant,
  coordinate,
  cosine,
  difference,
  power,
  product,
  sine,
  sum,
  type Expression,
} from "../differential-equations/expression";
import type { Derivative } from "../differential-equations/derivative";

/** u or a derivative of it. */
export type Solution = (derivative?: Derivative) => Expression;

/** An edge of the box on which u is given. */
interface GivenEdge {
  name: string;
  /** Which coordinate is held, and at what. */
  held: 0 | 1;
  at: number;
  /** u there, by the other coordinate. */
  value: (free: number) => number;
}

export interface BenchmarkProblem {
  box: Box;
  /** Of the second coordinate; the first is x. */
  second: "t" | "y";
  /** What is to vanish inside. */
  residual: (u: Solution) => Expression;
  edges: readonly GivenEdge[];
  /** u = lift + factor·N has the values of all edges. */
  lift: Expression;
  factor: Expression;
  /** Solved when it is first asked for. */
  truth: () => (x: number, second: number) => number;
}

const [x, second] = [coordinate(0), coordinate(1)];
const pi = constant(Math.PI);
const sinPiX = sine(product(pi, x));
const squared = (of: Expression): Expression => power(of, 2);
/** 1 − s², which is 0 at both ends of −1 … 1. */
const inside = (s: Expression): Expression => difference(constant(1), squared(s));
const zero = (): number => 0;
const wide = [-1, 1] as const;

/** Modes of the Helmholtz solution along x and y, and the wavenumber. */
const helmholtz = { a1: 1, a2: 4, k: 1 } as const;
const helmholtzSource = helmholtz.k ** 2 - (helmholtz.a1 ** 2 + helmholtz.a2 ** 2) * Math.PI ** 2;

/**
 * Burgers and Allen–Cahn as in M. Raissi, P. Perdikaris, G. E. Karniadakis, J. Comput. Phys. 378 (2019); Helmholtz as in S. Wang, Y. Teng, P. Perdikaris,
 * SIAM J. Sci. Comput. 43 (2021). Allen and Cahn's u, periodic there, is given as −1 at both ends, as L. Lu et al. (DeepXDE, SIAM Review 63 (2021)) do: the
 * periodic solution is never more than 0.005 from it.
 */
export const benchmarkProblems = {
  burgers: {
    box: [wide, [0, 1]],
    second: "t",
    residual: (u) => sum(u([0, 1]), product(u(), u([1])), product(constant(-0.01 / Math.PI), u([2]))),
    edges: [
      { name: "start", held: 1, at: 0, value: (at) => -sinPi(at) },
      { name: "left", held: 0, at: -1, value: zero },
      { name: "right", held: 0, at: 1, value: zero },
    ],
    lift: product(constant(-1), sinPiX),
    factor: product(second, inside(x)),
    truth: () => burgersSolution(0.01 / Math.PI),
  },
  "allen-cahn": {
    box: [wide, [0, 1]],
    second: "t",
    residual: (u) =>
      sum(u([0, 1]), product(constant(-1e-4), u([2])), product(constant(5), power(u(), 3)), product(constant(-5), u())),
    edges: [
      { name: "start", held: 1, at: 0, value: (at) => at * at * cosPi(at) },
      { name: "left", held: 0, at: -1, value: () => -1 },
      { name: "right", held: 0, at: 1, value: () => -1 },
    ],
    lift: product(squared(x), cosine(product(pi, x))),
    factor: product(second, inside(x)),
    truth: allenCahnSolution,
  },
  helmholtz: {
    box: [wide, wide],
    second: "y",
    residual: (u) =>
      sum(
        u([2]),
        u([0, 2]),
        product(constant(helmholtz.k ** 2), u()),
        product(
          constant(-helmholtzSource),
          sine(product(constant(helmholtz.a1 * Math.PI), x)),
          sine(product(constant(helmholtz.a2 * Math.PI), second)),
        ),
      ),
    edges: [
      { name: "left", held: 0, at: -1, value: zero },
      { name: "right", held: 0, at: 1, value: zero },
      { name: "bottom", held: 1, at: -1, value: zero },
      { name: "top", held: 1, at: 1, value: zero },
    ],
    lift: constant(0),
    factor: product(inside(x), inside(second)),
    truth: () => {
      const { solution } = helmholtzSolution([helmholtz.a1, helmholtz.a2], helmholtz.k);
      return (at, above) => solution([at, above]);
    },
  },
} as const satisfies Record<string, BenchmarkProblem>;

export type BenchmarkName = keyof typeof benchmarkProblems;
