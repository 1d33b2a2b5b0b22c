import type { PlotDataInput } from "@basin/contracts";
import { mean } from "@basin/numerics";
import type { LearnedLoop, RolledOut, Trajectories } from "../kinds/rollout";
import { referenceAt, stepSeconds, testReferences, testSteps, testTrajectories } from "./maglev-loop";

/** Gaps that a trajectory must not leave. */
const range = [0.3, 3] as const;
const settledAfter = Math.round(2 / stepSeconds);
const restAfter = Math.round(8 / stepSeconds);

export const maglevFigures = ["inRange", "rmsError", "meanEnergy", "restError", "restGap"] as const;
type Figures = Record<(typeof maglevFigures)[number], number>;

/** What the test trajectories did, by step and trajectory. */
interface Course {
  trajectories: Trajectories;
  gap: (step: number, row: number) => number;
  current: (step: number, row: number) => number;
}

export function judgedCourse(roll: LearnedLoop["roll"], seed: number): Course {
  const trajectories = testTrajectories(seed);
  const { states, outputs }: RolledOut = roll(trajectories);
  const { count } = trajectories;
  return {
    trajectories,
    gap: (step, row) => states[2 * (step * count + row)] ?? Number.NaN,
    current: (step, row) => outputs[step * count + row] ?? Number.NaN,
  };
}

const rowsOf = ({ trajectories: { count } }: Course, reference: number): number[] =>
  Array.from({ length: count }, (_, row) => row).filter((row) => row % testReferences.length === reference);

const stepsFrom = (first: number): number[] => Array.from({ length: testSteps - first }, (_, i) => first + i);

/** At rest u = x, and (x − r)² + λx² is least at x = r/(1 + λ). */
const bestGap = (reference: number, energyWeight: number): number => reference / (1 + energyWeight);

export function maglevFiguresOf(course: Course, energyWeight: number): Figures {
  const { gap, current } = course;
  const rows = Array.from({ length: course.trajectories.count }, (_, row) => row);
  const stays = rows.map((row) =>
    stepsFrom(0).every((step) => gap(step + 1, row) >= range[0] && gap(step + 1, row) <= range[1]) ? 1 : 0,
  );
  const errors = testReferences.flatMap((reference, i) =>
    rowsOf(course, i).flatMap((row) =>
      stepsFrom(settledAfter).map((step) => (gap(step, row) - referenceAt(reference, step)) ** 2),
    ),
  );
  const rests = testReferences.flatMap((reference, i) =>
    "constant" in reference
      ? [
          {
            reference: reference.constant,
            gaps: rowsOf(course, i).map((row) => mean(stepsFrom(restAfter).map((step) => gap(step, row)))),
          },
        ]
      : [],
  );
  const deviations = rests.flatMap(({ reference, gaps }) => gaps.map((x) => Math.abs(x / bestGap(reference, energyWeight) - 1)));
  return {
    inRange: mean(stays),
    rmsError: Math.sqrt(mean(errors)),
    meanEnergy: mean(rows.flatMap((row) => stepsFrom(settledAfter).map((step) => current(step, row) ** 2))),
    // A gap that is no number must not hide behind the others.
    restError: deviations.some(Number.isNaN) ? Number.NaN : Math.max(...deviations),
    restGap: mean(rests.filter(({ reference }) => reference === 1).flatMap(({ gaps }) => gaps)),
  };
}

const shown = [0, 4, 5];
const nameOf = (i: number): string => {
  const reference = testReferences[i];
  return reference && "constant" in reference ? `r = ${reference.constant}` : "r = 1 + 0.2 sin t";
};

/** Weights of the energy that the front is marked at. */
const markedWeights = [0, 0.01, 0.03, 0.1, 0.3];

/** Mean energy and RMS error over the constant references of a body that rests at r/(1 + λ). */
function restingCosts(energyWeight: number): { energy: number; error: number } {
  const references = testReferences.flatMap((one) => ("constant" in one ? [one.constant] : []));
  return {
    energy: mean(references.map((r) => bestGap(r, energyWeight) ** 2)),
    error: Math.sqrt(mean(references.map((r) => (r - bestGap(r, energyWeight)) ** 2))),
  };
}

export function maglevPlots(course: Course, energyWeight: number): Record<string, PlotDataInput> {
  const { gap, current } = course;
  const steps = stepsFrom(0);
  const seconds = steps.map((step) => step * stepSeconds);
  const time = { label: "Time" };
  const constants = testReferences.flatMap((reference, i) => ("constant" in reference ? [{ reference, i }] : []));
  const atRest = constants.flatMap(({ reference, i }) =>
    rowsOf(course, i).flatMap((row) =>
      stepsFrom(restAfter).map((step) => ({
        energy: current(step, row) ** 2,
        error: (gap(step, row) - reference.constant) ** 2,
      })),
    ),
  );
  const front = Array.from({ length: 61 }, (_, i) => restingCosts(0.005 * i));
  const marked = markedWeights.map(restingCosts);
  return {
    tracks: {
      kind: "curve",
      title: "Gap of the body",
      caption: "Dashed: the gap that is asked for. The body settles at r/(1 + λ), and follows the sine.",
      x: time,
      y: { label: "Gap x" },
      series: shown.flatMap((i) => {
        const [row = 0] = rowsOf(course, i);
        const reference = testReferences[i];
        return [
          { name: `x for ${nameOf(i)}`, x: seconds, y: steps.map((step) => gap(step, row)) },
          {
            name: nameOf(i),
            x: seconds,
            y: steps.map((step) => (reference ? referenceAt(reference, step) : Number.NaN)),
            style: "dashed" as const,
          },
        ];
      }),
    },
    current: {
      kind: "curve",
      title: "Current of the magnet",
      caption: "At rest the current holds the weight where u = x.",
      x: time,
      y: { label: "Current u", scale: "log" },
      series: shown.map((i) => {
        const [row = 0] = rowsOf(course, i);
        return { name: nameOf(i), x: seconds, y: steps.map((step) => current(step, row)) };
      }),
    },
    front: {
      kind: "scatter",
      title: "Error against energy at rest",
      caption: "The line is the best that there is for a body at rest; less error costs more energy.",
      x: { label: "Energy: mean of u²" },
      y: { label: "Error: RMS of x − r" },
      series: [
        { name: "front", x: front.map(({ energy }) => energy), y: front.map(({ error }) => error), style: "line" as const },
        {
          name: `front at λ = ${markedWeights.join(", ")}`,
          x: marked.map(({ energy }) => energy),
          y: marked.map(({ error }) => error),
        },
        {
          name: `this run, λ = ${energyWeight}`,
          x: [mean(atRest.map(({ energy }) => energy))],
          y: [Math.sqrt(mean(atRest.map(({ error }) => error)))],
        },
      ],
    },
  };
}
