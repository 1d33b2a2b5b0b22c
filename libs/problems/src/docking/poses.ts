import { cosPi, minimizeLbfgs, randomStream, sinPi } from "@basin/numerics";
import { atoms, charge, poseEnergy } from "./potential";

/** Charges of the chain are one of so many patterns: each of the four atoms has one sign or the other. */
export const patterns = 2 ** atoms;
export const testInputs = 200;
export const inputWidth = atoms + 2;
export const outputWidth = 2 * atoms;

/** Atom i of pattern p has the sign of bit i of p. */
export function chargesOf(pattern: number): number[] {
  return Array.from({ length: atoms }, (_, i) => ((pattern >> i) & 1 ? charge : -charge));
}

/** About the best pose of all patterns: a bow in the channel between pillar and wall, the first atom on the left. */
const bow = [-1.3, -0.36, -0.55, -1.17, 0.55, -1.17, 1.3, -0.36];

const known = new Map<number, Float64Array>();

/**
 * The pose of least energy of a pattern in the frame of the pocket, the one with its first atom on the left, by descent in double precision. Its mirror
 * image has the same energy and is the only other: what comes next is higher by at least 2 ε (the spec looks for it from many starts).
 */
export function bestPose(pattern: number): Float64Array {
  const found = known.get(pattern);
  if (found) return found;
  const charges = chargesOf(pattern);
  const { point } = minimizeLbfgs(
    (pose) => {
      const { energy, gradient } = poseEnergy(pose, charges);
      return { value: energy, gradient };
    },
    bow,
    { gradientTolerance: 1e-10 },
  );
  known.set(pattern, point);
  return point;
}

/** Its image in the y axis. */
export function mirrored(pose: ArrayLike<number>): Float64Array {
  return Float64Array.from(pose, (value, at) => (at % 2 === 0 ? -value : value));
}

/** A pose turned about the origin by the angle of which cosine and sine are given. */
export function turned(pose: ArrayLike<number>, cosine: number, sine: number): Float64Array {
  return Float64Array.from(pose, (value, at) => {
    const [x, y] = at % 2 === 0 ? [value, pose[at + 1] ?? Number.NaN] : [pose[at - 1] ?? Number.NaN, value];
    return at % 2 === 0 ? cosine * x - sine * y : sine * x + cosine * y;
  });
}

/** √ of the mean over the atoms of the squared distance between two poses. */
export function poseDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let squares = 0;
  for (let at = 0; at < outputWidth; at++) squares += ((a[at] ?? Number.NaN) - (b[at] ?? Number.NaN)) ** 2;
  return Math.sqrt(squares / atoms);
}

export interface Docking {
  /** Pattern of each sample. */
  patterns: Int32Array;
  /** Row by row the four charges, then cosine and sine of the pocket's angle, [samples, 6]. */
  inputs: Float32Array;
  /** The best pose or its mirror image, each as likely, turned with the pocket, [samples, 8]. */
  poses: Float32Array;
}

/** Which charges, which angle and which of the two poses are drawn independently. */
export function drawDocking(part: "training" | "test", samples: number, dataSeed: number): Docking {
  const which = randomStream(dataSeed, `docking/${part} charges`);
  const angle = randomStream(dataSeed, `docking/${part} angles`);
  const image = randomStream(dataSeed, `docking/${part} images`);
  const drawn: Docking = {
    patterns: new Int32Array(samples),
    inputs: new Float32Array(samples * inputWidth),
    poses: new Float32Array(samples * outputWidth),
  };
  for (let i = 0; i < samples; i++) {
    const pattern = which.integer(i, patterns);
    const turn = 2 * angle.uniform(i);
    const [cosine, sine] = [cosPi(turn), sinPi(turn)];
    const best = bestPose(pattern);
    drawn.patterns[i] = pattern;
    drawn.inputs.set([...chargesOf(pattern), cosine, sine], i * inputWidth);
    drawn.poses.set(turned(image.integer(i, 2) === 0 ? best : mirrored(best), cosine, sine), i * outputWidth);
  }
  return drawn;
}
