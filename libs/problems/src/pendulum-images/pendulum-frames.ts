import { cosPi, sinPi, solveOde } from "@basin/numerics";

/** Length of the rod (m) and gravity (m/s²) of the source. */
const rodLength = 1;
const gravity = 9.81;
/** Size of the drawing in metres: chosen so that the mean ink is the 0.038 that the source's loss starts from. */
const rodWidth = 0.035;
export const bobRadius = 0.085;

type Motion = "small-angle" | "nonlinear";

export interface FrameSetting {
  /** Pixels per side. */
  pixels: number;
  frames: number;
  amplitudeDegrees: number;
  motion: Motion;
  /** Seconds from the first to the last frame. */
  seconds: number;
}

/** Frames of a pendulum released at rest: images [frames, pixels, pixels] in [0, 1] with angle θ (rad) and time t (s) of each. */
export interface PendulumFrames {
  images: Float32Array;
  angles: Float64Array;
  times: Float64Array;
}

/** θ at the times of the frames: θ₀cos(√(g/L)t), or the solution of θ̈ = −(g/L) sin θ. */
export function pendulumAngles({ frames, amplitudeDegrees, motion, seconds }: FrameSetting): {
  angles: Float64Array;
  times: Float64Array;
} {
  const times = Float64Array.from({ length: frames }, (_, i) => (frames > 1 ? (seconds * i) / (frames - 1) : 0));
  const amplitude = (amplitudeDegrees / 180) * Math.PI;
  if (motion === "small-angle") {
    const frequency = Math.sqrt(gravity / rodLength);
    return { times, angles: times.map((t) => amplitude * cosPi((frequency * t) / Math.PI)) };
  }
  return { times, angles: integrated(amplitude, times) };
}

/** From rest; [θ, θ̇] as the state. */
function integrated(amplitude: number, times: Float64Array): Float64Array {
  const fall = (_: number, [angle = 0, speed = 0]: Float64Array, out: Float64Array): void => {
    out[0] = speed;
    out[1] = (-gravity / rodLength) * sinPi(angle / Math.PI);
  };
  return Float64Array.from(solveOde(fall, [amplitude, 0], times), ([angle = Number.NaN]) => angle);
}

/** The square that is drawn, in metres from the pivot, y upwards: up to 30° what hangs below the pivot, beyond the whole circle. */
export function viewOf(amplitudeDegrees: number): { left: number; top: number; side: number } {
  return amplitudeDegrees <= 30 ? { left: -0.6, top: 0.05, side: 1.2 } : { left: -1.15, top: 1.15, side: 2.3 };
}

/** All frames, in the order of time. */
export function pendulumFrames(setting: FrameSetting): PendulumFrames {
  const { angles, times } = pendulumAngles(setting);
  const size = setting.pixels ** 2;
  const images = new Float32Array(setting.frames * size);
  angles.forEach((angle, i) => drawPendulum(angle, setting, images.subarray(i * size, (i + 1) * size)));
  return { images, angles, times };
}

/**
 * Rod and bob, white on black. A pixel has the value ½ − d/pixel, cut to [0, 1], where d is the signed distance of its centre from
 * the shape: edges are smoothed over one pixel.
 */
function drawPendulum(angle: number, { pixels, amplitudeDegrees }: FrameSetting, out: Float32Array): void {
  const { left, top, side } = viewOf(amplitudeDegrees);
  const pixel = side / pixels;
  const [bobX, bobY] = [rodLength * sinPi(angle / Math.PI), -rodLength * cosPi(angle / Math.PI)];
  for (let row = 0; row < pixels; row++) {
    const y = top - (row + 0.5) * pixel;
    for (let column = 0; column < pixels; column++) {
      const x = left + (column + 0.5) * pixel;
      const along = Math.min(1, Math.max(0, (x * bobX + y * bobY) / rodLength ** 2));
      const rod = Math.sqrt((x - along * bobX) ** 2 + (y - along * bobY) ** 2) - rodWidth / 2;
      const bob = Math.sqrt((x - bobX) ** 2 + (y - bobY) ** 2) - bobRadius;
      out[row * pixels + column] = Math.min(1, Math.max(0, 0.5 - Math.min(rod, bob) / pixel));
    }
  }
}
