/** A place in an image in pixels, from the upper left corner. */
export interface Place {
  column: number;
  row: number;
}

/**
 * Where the bob is in a square image, or null in one without ink. The disk of the bob's radius that covers most ink is found on the
 * pixel grid (the first of equals); the place is the centroid of the ink within one and a half radii of its centre. The rod's end
 * within that window draws the centroid towards the pivot in the same way in every image, so that places compare with each other.
 */
export function bobCentroid(image: Float32Array, pixels: number, radius: number): Place | null {
  // The image with a border of no ink, so that no window ends outside; a row and a column of the image start `border` further.
  const border = Math.ceil(1.5 * radius);
  const side = pixels + 2 * border;
  const framed = new Float32Array(side * side);
  for (let row = 0; row < pixels; row++) {
    const to = (row + border) * side + border;
    for (let column = 0; column < pixels; column++) framed[to + column] = Math.max(0, image[row * pixels + column] ?? 0);
  }
  const reach = Math.ceil(radius);
  const disk: number[] = [];
  for (let i = -reach; i <= reach; i++) {
    for (let j = -reach; j <= reach; j++) if (i * i + j * j <= radius * radius) disk.push(i * side + j);
  }
  const offsets = Int32Array.from(disk);
  let best = 0;
  let centre: Place | null = null;
  for (let row = 0; row < pixels; row++) {
    for (let column = 0; column < pixels; column++) {
      const place = (row + border) * side + column + border;
      let ink = 0;
      for (let k = 0; k < offsets.length; k++) ink += framed[place + (offsets[k] ?? 0)] ?? 0;
      if (ink > best) {
        best = ink;
        centre = { row, column };
      }
    }
  }
  const at = (row: number, column: number): number => framed[(row + border) * side + column + border] ?? 0;
  return centre && centroidNear(at, centre, 1.5 * radius);
}

function centroidNear(at: (row: number, column: number) => number, centre: Place, reach: number): Place | null {
  const whole = Math.ceil(reach);
  let [mass, rows, columns] = [0, 0, 0];
  for (let i = -whole; i <= whole; i++) {
    for (let j = -whole; j <= whole; j++) {
      if (i * i + j * j > reach * reach) continue;
      const ink = at(centre.row + i, centre.column + j);
      mass += ink;
      rows += ink * i;
      columns += ink * j;
    }
  }
  return mass > 0 ? { row: centre.row + rows / mass, column: centre.column + columns / mass } : null;
}
