/** The RGBA pixels of a grey image given as base64 of one byte per pixel; missing bytes are black. */
export function greyPixels(base64: string, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const bytes = atob(base64);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const grey = i < bytes.length ? bytes.charCodeAt(i) : 0;
    pixels.fill(grey, 4 * i, 4 * i + 3);
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

/** Values of an image: the bytes mapped onto the range of black and white. */
export const greyValues = (base64: string, [black, white]: readonly [number, number]): number[] =>
  [...atob(base64)].map((char) => black + (char.charCodeAt(0) / 255) * (white - black));
