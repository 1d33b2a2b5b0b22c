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
  const reach = Math.ceil(radius);
  const offsets: [number, number][] = [];
  for (let i = -reach; i <= reach; i++) {
    for (let j = -reach; j <= reach; j++) if (i * i + j * j <= radius * radius) offsets.push([i, j]);
  }
  const at = (row: number, column: number): number =>
    row < 0 || row >= pixels || column < 0 || column >= pixels ? 0 : Math.max(0, image[row * pixels + column] ?? 0);
  let best = 0;
  let centre: Place | null = null;
  for (let row = 0; row < pixels; row++) {
    for (let column = 0; column < pixels; column++) {
      let ink = 0;
      for (const [i, j] of offsets) ink += at(row + i, column + j);
      if (ink > best) {
        best = ink;
        centre = { row, column };
      }
    }
  }
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
