import type { ChainPotential } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";

/** Below it two atoms count as lying on one another, where no direction is left. */
const leastDistance = 1e-6;

/** Two atoms, `first` one of the chain, `second` one of the chain or a fixed one. */
interface Pair {
  first: number;
  second: { atom: number } | { fixed: number };
}

/** Every pair that repels and attracts, and the bonds. */
function pairsOf({ atoms, fixed }: ChainPotential): { free: Pair[]; bonds: Pair[] } {
  const chain = Array.from({ length: atoms }, (_, first) => first);
  const inside = chain.flatMap((first) => chain.slice(first + 1).map((atom): Pair => ({ first, second: { atom } })));
  const isBond = ({ first, second }: Pair): boolean => "atom" in second && second.atom === first + 1;
  const outside = chain.flatMap((first) => fixed.map((_, index): Pair => ({ first, second: { fixed: index } })));
  return { free: [...outside, ...inside.filter((pair) => !isBond(pair))], bonds: inside.filter(isBond) };
}

/** A matrix [1, rows, pairs] that takes from a row of the chain's values what `entry` says of each pair. */
function selection(rows: number, pairs: readonly Pair[], entry: (pair: Pair, row: number) => number): tf.Tensor3D {
  const values = Array.from({ length: rows }, (_, row) => pairs.map((pair) => entry(pair, row)));
  return tf.tensor3d(values.flat(), [1, rows, pairs.length]);
}

const isFirst = ({ first }: Pair, atom: number): number => Number(first === atom);
const isSecond = ({ second }: Pair, atom: number): number => Number("atom" in second && second.atom === atom);

/** x or y of a pair's first atom less that of the second, as far as they belong to the chain. */
function axisDifferences(atoms: number, pairs: readonly Pair[], axis: 0 | 1): tf.Tensor3D {
  return selection(2 * atoms, pairs, (pair, row) => {
    if (row % 2 !== axis) return 0;
    const atom = (row - axis) / 2;
    return isFirst(pair, atom) - isSecond(pair, atom);
  });
}

/**
 * Gradient by the outputs [runs, samples, 2·atoms] of the mean energy of the chain (J. E. Jones 1924; C.-A. de Coulomb) over the samples. As the
 * energy of a pair goes on linearly below the inner distance, its slope there is the slope at that distance. Call within tf.tidy.
 */
export function chainEnergyGradient(output: tf.Tensor3D, x: tf.Tensor3D, chain: ChainPotential): tf.Tensor3D {
  const { atoms, fixed, coulomb, bondLength, bondStiffness, innerDistance } = chain;
  const [runs, samples] = output.shape;
  const { free, bonds } = pairsOf(chain);
  const column = (at: number): tf.Tensor3D => tf.slice3d(x, [0, 0, at], [runs, samples, 1]);
  const [cosine, sine] = [column(atoms), column(atoms + 1)];
  const charges = tf.slice3d(x, [0, 0, 0], [runs, samples, atoms]);
  const ofFixed = (pick: (atom: ChainPotential["fixed"][number]) => number): tf.Tensor3D => {
    const values = free.map(({ second }) => {
      const atom = "fixed" in second ? fixed[second.fixed] : undefined;
      return atom ? pick(atom) : 0;
    });
    return tf.tensor3d(values, [1, 1, free.length]);
  };

  const kinds = [
    {
      pairs: free,
      offsets: (): [tf.Tensor3D, tf.Tensor3D] => {
        const [fx, fy] = [ofFixed((atom) => atom.x), ofFixed((atom) => atom.y)];
        return [tf.sub(tf.mul(cosine, fx), tf.mul(sine, fy)), tf.add(tf.mul(sine, fx), tf.mul(cosine, fy))];
      },
      // 24 r⁻⁷ − 48 r⁻¹³ − kqq′r⁻².
      slope: (r: tf.Tensor3D): tf.Tensor3D => {
        const inverse = tf.div<tf.Tensor3D>(1, tf.maximum<tf.Tensor3D>(r, innerDistance));
        const square = tf.square<tf.Tensor3D>(inverse);
        const sixth = tf.mul<tf.Tensor3D>(tf.mul(square, square), square);
        const repelled = tf.mul<tf.Tensor3D>(tf.mul(sixth, tf.sub(24, tf.mul(sixth, 48))), inverse);
        const second = tf.add<tf.Tensor3D>(
          tf.matMul(charges, selection(atoms, free, isSecond)),
          ofFixed((atom) => atom.charge),
        );
        const product = tf.mul<tf.Tensor3D>(tf.matMul(charges, selection(atoms, free, isFirst)), second);
        return tf.sub(repelled, tf.mul(tf.mul(product, coulomb), square));
      },
    },
    {
      pairs: bonds,
      offsets: (): null => null,
      slope: (r: tf.Tensor3D): tf.Tensor3D => tf.mul(tf.sub(r, bondLength), bondStiffness),
    },
  ];
  const parts = kinds.map(({ pairs, offsets, slope }) => {
    const [ofX, ofY] = [axisDifferences(atoms, pairs, 0), axisDifferences(atoms, pairs, 1)];
    const place = offsets();
    const along = (differences: tf.Tensor3D, offset: tf.Tensor3D | undefined): tf.Tensor3D => {
      const own = tf.matMul<tf.Tensor3D>(output, differences);
      return offset ? tf.sub(own, offset) : own;
    };
    const [dx, dy] = [along(ofX, place?.[0]), along(ofY, place?.[1])];
    const r = tf.maximum<tf.Tensor3D>(tf.sqrt(tf.add(tf.square(dx), tf.square(dy))), leastDistance);
    const perLength = tf.div<tf.Tensor3D>(slope(r), tf.mul(r, samples));
    const back = (d: tf.Tensor3D, differences: tf.Tensor3D): tf.Tensor3D =>
      tf.matMul(tf.mul<tf.Tensor3D>(perLength, d), differences, false, true);
    return tf.add<tf.Tensor3D>(back(dx, ofX), back(dy, ofY));
  });
  return parts.reduce((sum, part) => tf.add<tf.Tensor3D>(sum, part));
}
