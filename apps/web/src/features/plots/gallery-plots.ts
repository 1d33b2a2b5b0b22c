import { PlotData, type PlotDataInput } from "@basin/contracts";

/** Plots of every kind with values like those that experiments write, for looking at them side by side. */
const range = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) => from + (i / Math.max(1, count - 1)) * (to - from));

/** A fixed sequence of numbers in [0, 1): the fractional part of i·φ. */
const scattered = (i: number): number => (i * 0.618033988749895) % 1;

const grid = range(41, -2, 2);
const wave = (x: number, y: number) => Math.sin(2 * x) * Math.cos(1.5 * y) * Math.exp(-0.2 * (x * x + y * y));
const field = (f: (x: number, y: number) => number) => grid.map((y) => grid.map((x) => f(x, y)));
const slip = (x: number, y: number) => 0.04 * Math.sin(5 * x + 2 * y);
const axis = (label: string, unit = "") => ({ label, unit });

const steps = range(60, 0, 5900);
const lorenz = (() => {
  let [x, y, z] = [1, 1, 20];
  const path = { x: [] as number[], y: [] as number[], z: [] as number[] };
  for (let i = 0; i < 1600; i++) {
    const [dx, dy, dz] = [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z];
    [x, y, z] = [x + 0.01 * dx, y + 0.01 * dy, z + 0.01 * dz];
    path.x.push(x);
    path.y.push(y);
    path.z.push(z);
  }
  return path;
})();

function blob(time: number, blur: number): string {
  const bytes = Array.from({ length: 32 * 32 }, (_, i) => {
    const [x, y] = [(i % 32) - 16 - 8 * Math.sin(time), Math.floor(i / 32) - 16 - 8 * Math.cos(time)];
    return String.fromCharCode(Math.round(255 * Math.exp(-(x * x + y * y) / blur)));
  });
  return btoa(bytes.join(""));
}
const times = range(16, 0, 3);

const gate = (f: (a: number, b: number) => number, name: string) => {
  const plane = range(31, -0.5, 1.5);
  return {
    name,
    xAxis: axis("input a"),
    yAxis: axis("input b"),
    x: plane,
    y: plane,
    z: plane.map((b) => plane.map((a) => f(a, b))),
    samples: { x: [0, 1, 0, 1], y: [0, 0, 1, 1], class: [0, 1, 2, 3].map((i) => Math.round(f(i % 2, Math.floor(i / 2)))) },
  };
};
const logistic = (value: number) => 1 / (1 + Math.exp(-8 * value));

const points = range(14, -1, 1).flatMap((y) => range(14, -1, 1).map((x) => ({ x, y })));
const flow = (turn: number) => ({
  x: points.map(({ x }) => x),
  y: points.map(({ y }) => y),
  u: points.map(({ y }) => -y * turn),
  v: points.map(({ x, y }) => x * turn - 0.3 * y),
});

const history = range(40, 0, 4900).map((step) => {
  const late = step / 4900;
  return {
    step: Math.round(step),
    coefficients: [0.1 * (1 - late), -0.98 * (1 - Math.exp(-5 * late)), 0.3 * Math.exp(-3 * late)],
    active: [late < 0.45, true, late < 0.75],
  };
});

const gallery: PlotDataInput[] = [
  {
    kind: "curve",
    title: "Pendulum: angle over time",
    caption: "The learned trajectory leaves the true one after about 20 s.",
    x: axis("time", "s"),
    y: axis("angle", "rad"),
    series: [
      { name: "truth", x: steps.map((s) => s / 200), y: steps.map((s) => Math.sin(s / 400)), style: "dashed" },
      {
        name: "learned",
        x: steps.map((s) => s / 200),
        y: steps.map((s) => Math.sin(s / (400 + s / 80))),
        low: steps.map((s) => Math.sin(s / (400 + s / 80)) - s / 15000),
        high: steps.map((s) => Math.sin(s / (400 + s / 80)) + s / 15000),
      },
    ],
    marks: [{ x: 15, label: "end of training data" }],
  },
  {
    kind: "curve",
    title: "Spectrum of the error",
    x: { ...axis("frequency", "Hz"), scale: "log" },
    y: { ...axis("power", "rad²/Hz"), scale: "log" },
    series: [{ name: "error", x: range(50, 0.1, 40), y: range(50, 0.1, 40).map((f) => 1e-3 / (1 + f ** 3)), style: "steps" }],
  },
  {
    kind: "scatter",
    title: "Latent against true angle",
    caption: "A line means that the latent variable is the angle up to scale and shift.",
    x: axis("true angle", "rad"),
    y: axis("latent z"),
    color: axis("angular velocity", "rad/s"),
    series: [
      {
        name: "samples",
        x: range(300, -3, 3).map((_, i) => 6 * scattered(i) - 3),
        y: range(300, -3, 3).map((_, i) => -1.3 * (6 * scattered(i) - 3) + 0.4 + 0.2 * (scattered(i * 7) - 0.5)),
        color: range(300, -3, 3).map((_, i) => 4 * scattered(i * 3) - 2),
      },
      { name: "affine fit", x: [-3, 3], y: [4.3, -3.5], style: "line" },
    ],
  },
  {
    kind: "scatter",
    title: "Lorenz attractor",
    x: axis("x"),
    y: axis("y"),
    z: axis("z"),
    series: [
      { name: "truth", ...lorenz, style: "line" },
      {
        name: "samples",
        x: lorenz.x.filter((_, i) => i % 40 === 0),
        y: lorenz.y.filter((_, i) => i % 40 === 0),
        z: lorenz.z.filter((_, i) => i % 40 === 0),
      },
    ],
  },
  {
    kind: "surface",
    title: "Function on the plane",
    caption: "The error is largest where no sample lay.",
    x: grid,
    y: grid,
    xAxis: axis("x", "m"),
    yAxis: axis("y", "m"),
    zAxis: axis("height", "m"),
    layers: [
      { name: "true", z: field(wave) },
      { name: "predicted", z: field((x, y) => wave(x, y) + slip(x, y)) },
      { name: "error", z: field(slip) },
    ],
  },
  {
    kind: "contour",
    title: "Loss landscape with the descent",
    x: grid,
    y: grid,
    xAxis: axis("weight 1"),
    yAxis: axis("weight 2"),
    zAxis: axis("loss"),
    layers: [{ name: "loss", z: field((x, y) => (1 - x) ** 2 + 4 * (y - x * x * 0.5) ** 2) }],
    path: {
      name: "descent",
      x: range(24, -1.6, 1),
      y: range(24, 1.8, 0.5).map((y, i) => y + 0.4 * Math.exp(-i / 3) * Math.cos(i * 2)),
    },
  },
  {
    kind: "heat-map",
    title: "Coefficients by seed and term",
    columns: ["1", "z", "ż", "z²", "z·ż", "ż²", "sin z"],
    rows: Array.from({ length: 10 }, (_, i) => String(i)),
    columnTitle: "term",
    rowTitle: "seed",
    value: axis("coefficient", "1/s²"),
    z: Array.from({ length: 10 }, (_, i) =>
      Array.from({ length: 7 }, (_unused, j) =>
        j === 6 ? -1 + 0.05 * scattered(i) : scattered(i * 7 + j) > 0.75 ? null : 0.1 * (scattered(i + j) - 0.5),
      ),
    ),
  },
  {
    kind: "image-grid",
    title: "Video and its reconstruction",
    caption: "The blob must keep its place.",
    width: 32,
    height: 32,
    range: [0, 1],
    frames: times.map((t) => `t = ${t.toFixed(1)} s`),
    rows: [
      { name: "original", frames: times.map((t) => blob(2 * t, 18)) },
      { name: "reconstructed", frames: times.map((t) => blob(2 * t + 0.05, 26)) },
    ],
  },
  {
    kind: "quiver",
    title: "Vector field",
    xAxis: axis("angle", "rad"),
    yAxis: axis("angular velocity", "rad/s"),
    fields: [
      { name: "true", ...flow(1) },
      { name: "learned", ...flow(1.15) },
    ],
    color: axis("speed", "1/s"),
  },
  {
    kind: "decision-map",
    title: "Logic gates",
    classes: ["false", "true"],
    maps: [
      gate((a, b) => logistic(a + b - 1.5), "AND"),
      gate((a, b) => logistic(a + b - 0.5), "OR"),
      gate((a, b) => logistic(0.5 - Math.abs(a + b - 1)), "XOR"),
    ],
  },
  {
    kind: "decision-map",
    title: "Three classes",
    classes: ["left", "right", "top"],
    maps: [gate((a, b) => (b > 0.8 ? 2 : a > 0.5 ? 1 : 0), "regions")],
  },
  {
    kind: "bars",
    title: "Error by fold",
    categories: ["fold 1", "fold 2", "fold 3", "fold 4"],
    categoryTitle: "fold",
    y: axis("mean absolute error", "mm"),
    series: [
      { name: "training", values: [0.8, 0.9, 0.7, 0.85], low: [0.7, 0.8, 0.6, 0.8], high: [0.9, 1.1, 0.8, 0.95] },
      { name: "validation", values: [1.2, 1.5, 1.1, 1.4], low: [1, 1.2, 0.9, 1.1], high: [1.4, 1.9, 1.3, 1.8] },
    ],
  },
  {
    kind: "bars",
    title: "Samples by class",
    categories: ["training", "validation", "test"],
    categoryTitle: "part",
    y: axis("samples"),
    stacked: true,
    series: [
      { name: "class 0", values: [400, 50, 50] },
      { name: "class 1", values: [380, 60, 60] },
    ],
  },
  {
    kind: "equation",
    title: "Discovered law",
    text: "z'' = -0.978 sin(z)",
    latex: "\\ddot{z} = -0.978\\,\\sin z",
    truth: { text: "z'' = -sin(z)", latex: "\\ddot{z} = -\\sin z" },
    terms: [
      { text: "z", latex: "z" },
      { text: "sin z", latex: "\\sin z" },
      { text: "z²", latex: "z^2" },
    ],
    rows: [{ name: "\\ddot{z}", coefficients: [0, -0.978, 0], active: [false, true, false], history }],
  },
  {
    kind: "table",
    title: "First samples",
    columns: ["a", "b", "a xor b", "network"],
    rows: [
      [0, 0, "false", 0.0123],
      [1, 0, "true", 0.9871],
      [0, 1, "true", 0.9912],
      [1, 1, "false", null],
    ],
  },
];

export const galleryPlots: readonly PlotData[] = gallery.map((plot) => PlotData.parse(plot));
