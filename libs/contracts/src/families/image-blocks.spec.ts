import { expect, test } from "vitest";
import { AutoencoderParameters } from "./autoencoder";
import { CnnParameters } from "./cnn";
import { blockShapes, parseImageBlocks } from "./image-blocks";

test("blocks are read with what they leave out", () => {
  expect(parseImageBlocks(" conv 4 k4 p1,max-pool 2 p1 ,  transposed 8 k5 s2,average-pool 3 s1")).toEqual([
    { kind: "conv", channels: 4, kernel: 4, stride: 1, padding: 1 },
    { kind: "max-pool", kernel: 2, stride: 2, padding: 1 },
    { kind: "transposed", channels: 8, kernel: 5, stride: 2, padding: 0 },
    { kind: "average-pool", kernel: 3, stride: 1, padding: 0 },
  ]);
  expect(parseImageBlocks("  ")).toEqual([]);
});

test.each([
  ["conv", "is no block"],
  ["conv 4 q2", "is no block"],
  ["conv 4, , max-pool 2", '"" is no block'],
  ["conv 0", "start at 1"],
  ["conv 4 k3 k5", "gives k twice"],
  ["max-pool 2 k3", "takes no k"],
  ["average-pool 2 p2", "must be smaller than the window"],
])("%s is refused", (text, message) => {
  expect(() => parseImageBlocks(text)).toThrow(message);
  expect(CnnParameters.safeParse({ blocks: text }).success).toBe(false);
});

test("a family takes its own blocks only", () => {
  expect(CnnParameters.safeParse({ blocks: "transposed 4" }).error?.issues[0]?.message).toContain(
    '"transposed" does not belong here',
  );
  expect(AutoencoderParameters.safeParse({ decoderBlocks: "transposed 4" }).success).toBe(true);
});

test("the source's pendulum network: 160 → 159 → 80 → 79 → 40, and back", () => {
  const image = { rows: 160, columns: 160, channels: 1 };
  const shapes = blockShapes(image, parseImageBlocks("conv 5 k4 p1, max-pool 2 p1, conv 10 k4 p1, max-pool 2 p1"));
  expect(shapes.map(({ rows }) => rows)).toEqual([160, 159, 80, 79, 40]);
  const features = shapes.at(-1) ?? image;
  expect(features.channels).toBe(10);
  expect(blockShapes(features, parseImageBlocks("transposed 5 k4 s2 p1, transposed 1 k4 s2 p1")).at(-1)).toEqual(image);
  expect(() => blockShapes(image, parseImageBlocks("max-pool 200"))).toThrow(
    "a window of 200×200 does not fit an image of 160×160",
  );
});
