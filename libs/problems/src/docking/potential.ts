import { cosPi, sinPi } from "@basin/numerics";
import type { ChainPotential, FixedAtom } from "../kinds/output-penalty";

/** Size of every charge. */
export const charge = 0.3;
export const atoms = 4;

const radius = 2.4;
/** Charges of the seven atoms of the half circle from left to right: the same on both sides. */
const wallSigns: readonly number[] = [1, -1, 1, -1, 1, -1, 1];

/** Seven atoms on the lower half of a circle, and one at its centre, the pillar. Its mirror image in the y axis is itself. */
const pocket: readonly FixedAtom[] = [
  ...wallSigns.map((sign, i): FixedAtom => {
    const turn = 1 + i / (wallSigns.length - 1);
    return { x: radius * cosPi(turn), y: radius * sinPi(turn), charge: sign * charge };
  }),
  { x: 0, y: 0, charge: 0 },
];

/** σ = ε = 1. */
export const chain: ChainPotential = {
  atoms,
  fixed: pocket,
  coulomb: 5,
  bondLength: 1.12,
  bondStiffness: 50,
  innerDistance: 0.85,
};

/** 4(r⁻¹² − r⁻⁶) + kqq′/r with its slope; below the inner distance it goes on linearly. Energies in ε, lengths in σ. */
export function pairEnergy(r: number, chargeProduct: number, { coulomb, innerDistance }: ChainPotential): [number, number] {
  const s = Math.max(r, innerDistance);
  const sixth = 1 / (s * s * s) ** 2;
  const electric = (coulomb * chargeProduct) / s;
  const energy = 4 * sixth * (sixth - 1) + electric;
  const slope = (24 * sixth * (1 - 2 * sixth) - electric) / s;
  return [energy + slope * (r - s), slope];
}

/** Energy of a pose [x₁, y₁, …, x₄, y₄] in the frame of the pocket, its gradient, and the least distance of two atoms that are not bonded. */
export interface PoseEnergy {
  energy: number;
  gradient: Float64Array;
  leastDistance: number;
}

export function poseEnergy(pose: ArrayLike<number>, charges: ArrayLike<number>, potential: ChainPotential = chain): PoseEnergy {
  const { fixed, bondLength, bondStiffness } = potential;
  const gradient = new Float64Array(2 * potential.atoms);
  let energy = 0;
  let leastDistance = Number.POSITIVE_INFINITY;
  const at = (i: number): [number, number, number] => [pose[2 * i] ?? Number.NaN, pose[2 * i + 1] ?? Number.NaN, charges[i] ?? 0];
  const pull = (i: number, share: number, dx: number, dy: number): void => {
    gradient[2 * i] = (gradient[2 * i] ?? 0) + share * dx;
    gradient[2 * i + 1] = (gradient[2 * i + 1] ?? 0) + share * dy;
  };
  for (let i = 0; i < potential.atoms; i++) {
    const [x, y, q] = at(i);
    for (const one of fixed) {
      const [dx, dy] = [x - one.x, y - one.y];
      const r = Math.sqrt(dx * dx + dy * dy);
      const [value, slope] = pairEnergy(r, q * one.charge, potential);
      energy += value;
      leastDistance = Math.min(leastDistance, r);
      pull(i, slope / r, dx, dy);
    }
    for (let j = i + 1; j < potential.atoms; j++) {
      const [x2, y2, q2] = at(j);
      const [dx, dy] = [x - x2, y - y2];
      const r = Math.sqrt(dx * dx + dy * dy);
      const bonded = j === i + 1;
      const [value, slope] = bonded
        ? [0.5 * bondStiffness * (r - bondLength) ** 2, bondStiffness * (r - bondLength)]
        : pairEnergy(r, q * q2, potential);
      energy += value;
      if (!bonded) leastDistance = Math.min(leastDistance, r);
      pull(i, slope / r, dx, dy);
      pull(j, -slope / r, dx, dy);
    }
  }
  return { energy, gradient, leastDistance };
}
