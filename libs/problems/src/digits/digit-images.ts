import { permutation, randomStream } from "@basin/numerics";
import type { LabelledImages } from "../kinds/labelled-images";
import { digitsText } from "./digits-data";

/** Side of the images, and how many there are. */
export const digitSide = 8;
export const digitCount = 1797;
export const digitClasses = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** The greatest pixel value of the file. */
export const digitInk = 16;

/** The whole data set: pixels as they stand in the file, from 0 to 16. */
export function allDigits(): LabelledImages {
  const size = digitSide ** 2;
  const text = digitsText.replaceAll("\n", "");
  const images = new Float32Array(digitCount * size);
  const labels = new Int32Array(digitCount);
  for (let i = 0; i < digitCount; i++) {
    const at = i * (size + 1);
    for (let k = 0; k < size; k++) images[i * size + k] = valueOf(text.charCodeAt(at + k));
    labels[i] = valueOf(text.charCodeAt(at + size));
  }
  return { samples: digitCount, images, labels };
}

/** The digit of base 17 with the character's code: 0 … 9 and a … g. */
function valueOf(code: number): number {
  return code < 97 ? code - 48 : code - 87;
}

/** How a problem prepares the digits. */
export interface DigitsSetting {
  /** Which images are held out. */
  dataSeed: number;
  testFraction: number;
  /** unit: pixels from 0 to 1; raw: from 0 to 16. */
  scaling: "unit" | "raw";
}

/** How many images are for training. */
export function trainingDigits(testFraction: number): number {
  return digitCount - Math.ceil(testFraction * digitCount);
}

/** A random split by the stream (seed, "digits/split"); ⌈fraction·1797⌉ images are the test part (0.2: 360), as scikit-learn counts. */
export function splitDigits({ dataSeed, testFraction, scaling }: DigitsSetting): {
  training: LabelledImages;
  test: LabelledImages;
} {
  const all = allDigits();
  const order = permutation(randomStream(dataSeed, "digits/split"), digitCount);
  const held = Math.ceil(testFraction * digitCount);
  const factor = scaling === "unit" ? 1 / digitInk : 1;
  const size = digitSide ** 2;
  const pick = (indices: Int32Array): LabelledImages => {
    const images = new Float32Array(indices.length * size);
    const labels = new Int32Array(indices.length);
    indices.forEach((from, to) => {
      for (let k = 0; k < size; k++) images[to * size + k] = factor * (all.images[from * size + k] ?? 0);
      labels[to] = all.labels[from] ?? 0;
    });
    return { samples: indices.length, images, labels };
  };
  return { training: pick(order.slice(held)), test: pick(order.slice(0, held)) };
}
