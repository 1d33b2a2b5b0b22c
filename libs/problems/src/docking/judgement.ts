import { median } from "@basin/numerics";
import { bestPose, chargesOf, inputWidth, mirrored, outputWidth, poseDistance, turned, type Docking } from "./poses";
import { poseEnergy } from "./potential";

/** Nearest that two atoms may come, in σ: two that are 0.9 apart repel with 6.6 ε. */
const allowedDistance = 0.9;
/** Nearer than this the atoms of a pose lie in one another. */
const overlapDistance = 0.8;
/** How near a pose must come to one of the two best, in σ. */
const nearDistance = 0.3;

/** What is found of one predicted pose. */
export interface JudgedPose {
  /** In the frame of the pocket. */
  pose: Float64Array;
  energy: number;
  leastDistance: number;
  /** To the nearer of the two best poses. */
  error: number;
}

/** Every pose of predictions [samples, 8]. */
export function judgedPoses({ patterns, inputs }: Docking, predictions: ArrayLike<number>): JudgedPose[] {
  return Array.from(patterns, (pattern, i) => {
    const own = Float64Array.from({ length: outputWidth }, (_, at) => predictions[i * outputWidth + at] ?? Number.NaN);
    const [cosine = Number.NaN, sine = Number.NaN] = inputs.subarray((i + 1) * inputWidth - 2, (i + 1) * inputWidth);
    const pose = turned(own, cosine, -sine);
    const { energy, leastDistance } = poseEnergy(pose, chargesOf(pattern));
    const best = bestPose(pattern);
    return { pose, energy, leastDistance, error: Math.min(poseDistance(pose, best), poseDistance(pose, mirrored(best))) };
  });
}

/** The figures of a run from predictions at the test inputs. */
export function judge(test: Docking, predictions: ArrayLike<number>): Record<string, number> {
  const poses = judgedPoses(test, predictions);
  const share = (holds: (pose: JudgedPose) => boolean): number => poses.filter(holds).length / poses.length;
  const figures = {
    poseError: poses.reduce((sum, { error }) => sum + error, 0) / poses.length,
    possibleShare: share(({ leastDistance, energy }) => leastDistance >= allowedDistance && energy < 0),
    overlapShare: share(({ leastDistance }) => leastDistance < overlapDistance),
    nearShare: share(({ error }) => error <= nearDistance),
    medianEnergy: median(poses.map(({ energy }) => energy)),
    medianLeastDistance: median(poses.map(({ leastDistance }) => leastDistance)),
  };
  return Number.isNaN(figures.poseError) ? Object.fromEntries(Object.keys(figures).map((name) => [name, Number.NaN])) : figures;
}
