import type { DatasetContent } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import type { LabelledImages } from "../kinds/labelled-images";
import type { Parts } from "./classification";
import { digitSide, splitDigits, trainingDigits } from "./digit-images";

/** Side of MNIST's images. */
export const mnistSide = 28;
const pixels = mnistSide ** 2;
/** Side of the box in an MNIST image that the digit itself fills. */
const box = 20;

/**
 * The arrays `x_train` [n, 28, 28], `y_train` [n], `x_test` and `y_test` of mnist.npz, pixels divided by 255; of the training part
 * the first `trainingImages`. Throws RangeError, naming what is missing or has another shape.
 */
export function mnistParts({ name, arrays }: DatasetContent, trainingImages: number): Parts {
  const part = (suffix: string, most: number): LabelledImages => {
    const images = arrays.find((array) => array.name === `x_${suffix}`);
    const labels = arrays.find((array) => array.name === `y_${suffix}`);
    if (!images || !labels)
      throw new RangeError(`The dataset ${name} has no arrays x_${suffix} and y_${suffix}; MNIST is expected as mnist.npz.`);
    const given = labels.values.length;
    if (images.values.length !== given * pixels)
      throw new RangeError(`x_${suffix} of ${name} has the shape ${images.shape.join("×")}, not ${given}×28×28.`);
    if (!labels.values.every((label) => Number.isInteger(label) && label >= 0 && label <= 9))
      throw new RangeError(`y_${suffix} of ${name} holds something else than the classes 0 to 9.`);
    const samples = Math.min(most, given);
    const scaled = Float32Array.from(images.values.subarray(0, samples * pixels), (value) => value / 255);
    return { samples, images: scaled, labels: Int32Array.from(labels.values.subarray(0, samples)) };
  };
  return { training: part("train", trainingImages), test: part("test", Number.POSITIVE_INFINITY) };
}

const standInTestFraction = 0.2;
/** Images of the stand-in that are for training. */
export const standInTraining = trainingDigits(standInTestFraction);

/**
 * Synthetic images in place of MNIST: the 8 × 8 digits enlarged to 20 × 20 by linear interpolation and put at a random place within 28 × 28, by
 * the stream (seed, "mnist/stand-in"). 1,437 for training and 360 for the test, which no digit shares.
 */
export function standInParts(dataSeed: number): Parts {
  const { training, test } = splitDigits({ dataSeed, testFraction: standInTestFraction, scaling: "unit" });
  return { training: enlarged(training, dataSeed, 0), test: enlarged(test, dataSeed, 1) };
}

function enlarged({ samples, images, labels }: LabelledImages, seed: number, part: number): LabelledImages {
  const stream = randomStream(seed, "mnist/stand-in", part);
  const room = mnistSide - box + 1;
  const out = new Float32Array(samples * pixels);
  for (let i = 0; i < samples; i++) {
    const [top, left] = [stream.integer(2 * i, room), stream.integer(2 * i + 1, room)];
    const small = images.subarray(i * digitSide ** 2, (i + 1) * digitSide ** 2);
    for (let row = 0; row < box; row++) {
      for (let column = 0; column < box; column++) {
        const scale = (digitSide - 1) / (box - 1);
        out[i * pixels + (top + row) * mnistSide + left + column] = interpolated(small, row * scale, column * scale);
      }
    }
  }
  return { samples, images: out, labels };
}

function interpolated(image: Float32Array, row: number, column: number): number {
  const [r, c] = [Math.floor(row), Math.floor(column)];
  const [down, right] = [row - r, column - c];
  const at = (i: number, j: number): number => image[Math.min(digitSide - 1, i) * digitSide + Math.min(digitSide - 1, j)] ?? 0;
  return (
    (1 - down) * ((1 - right) * at(r, c) + right * at(r, c + 1)) + down * ((1 - right) * at(r + 1, c) + right * at(r + 1, c + 1))
  );
}
