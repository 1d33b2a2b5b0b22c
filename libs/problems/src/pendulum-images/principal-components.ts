import { symmetricEigen } from "@basin/numerics";

/** Training images beyond which no principal components are taken: the eigenvectors of so many take seconds. */
export const mostPrincipalImages = 200;

/** The best linear code of a given width. */
export interface PrincipalComponents {
  mean: Float64Array;
  /** Orthonormal, [width, size] row by row; fewer where the images span fewer dimensions. */
  components: Float64Array[];
}

/**
 * Principal components of images [n, size] (K. Pearson 1901; H. Hotelling 1933): the mean, and the `width` directions of greatest variance. They
 * come from the eigenvectors u of the n × n matrix of products of the centred images X as Xᵀu/√λ (L. Sirovich 1987), n being far below the size.
 */
export function principalComponents(images: Float32Array, size: number, width: number): PrincipalComponents {
  const n = images.length / size;
  const mean = new Float64Array(size);
  images.forEach((value, i) => (mean[i % size] = (mean[i % size] ?? 0) + value / n));
  const centred = Float64Array.from(images, (value, i) => value - (mean[i % size] ?? 0));
  const products = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (centred[i * size + k] ?? 0) * (centred[j * size + k] ?? 0);
      products[i * n + j] = products[j * n + i] = sum;
    }
  const { values, vectors } = symmetricEigen(products, n);
  const greatest = values[n - 1] ?? 0;
  const components: Float64Array[] = [];
  for (let rank = n - 1; rank >= 0 && components.length < width; rank--) {
    const value = values[rank] ?? 0;
    if (!(value > 1e-12 * greatest)) break;
    const direction = new Float64Array(size);
    for (let i = 0; i < n; i++) {
      const share = (vectors[rank * n + i] ?? 0) / Math.sqrt(value);
      for (let k = 0; k < size; k++) direction[k] = (direction[k] ?? 0) + share * (centred[i * size + k] ?? 0);
    }
    components.push(direction);
  }
  return { mean, components };
}

/** Images [n, size] as the mean plus their parts along the components. */
export function linearReconstruction({ mean, components }: PrincipalComponents, images: Float32Array): Float32Array {
  const size = mean.length;
  const out = new Float32Array(images.length);
  for (let start = 0; start < images.length; start += size) {
    const image = Float64Array.from(mean);
    for (const direction of components) {
      let code = 0;
      for (let k = 0; k < size; k++) code += ((images[start + k] ?? 0) - (mean[k] ?? 0)) * (direction[k] ?? 0);
      for (let k = 0; k < size; k++) image[k] = (image[k] ?? 0) + code * (direction[k] ?? 0);
    }
    out.set(image, start);
  }
  return out;
}
