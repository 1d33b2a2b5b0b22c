/** An atom that stands still. Coordinates in units of σ, the charge in units of its own. */
export interface FixedAtom {
  x: number;
  y: number;
  charge: number;
}

/**
 * A chain of `atoms` movable atoms among fixed ones, in the plane, with σ = ε = 1. Every movable atom repels and attracts every fixed one, and every
 * movable one that is no neighbour in the chain, by 4(r⁻¹² − r⁻⁶) + kqq′/r, which goes on linearly below `innerDistance`; neighbours
 * are held by ½k_b(b − b₀)².
 */
export interface ChainPotential {
  atoms: number;
  fixed: readonly FixedAtom[];
  /** k of kqq′/r. */
  coulomb: number;
  bondLength: number;
  bondStiffness: number;
  innerDistance: number;
}

/**
 * What the outputs of a network cost beside its loss: knowledge that needs no label. It is data; the family `mlp` knows how each is differentiated.
 * A run adds it, times its parameter `penaltyWeight`, to the loss of every training batch.
 *
 * - `jsd-neighbours`: mean over the pairs of samples that follow one another in a batch of the Jensen–Shannon divergence of their class
 *   probabilities, H(½p + ½q) − ½H(p) − ½H(q), between 0 and ln 2. Softmax outputs; the batches must keep the order of the data.
 * - `cost-matrix`: mean over the samples of Σ_k p_k C(y, k) with the class probabilities p and the label's row of `costs`, [classes][classes]. Softmax outputs.
 * - `lennard-jones-coulomb`: mean energy of the chain over the samples. An input row is the charges of its atoms, then cos φ and sin φ of the angle by
 *   which the fixed ones are turned about the origin; an output row is x, y of each atom.
 */
export type OutputPenalty =
  | { id: "jsd-neighbours" }
  | { id: "cost-matrix"; costs: readonly (readonly number[])[] }
  | { id: "lennard-jones-coulomb"; chain: ChainPotential };
