import type { PlotDescriptor } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import type { CustomLossOutcome } from "../kinds/custom-loss";
import type { PlotsById } from "../kinds/plots-by-id";
import { alignmentLoss, alignmentOf, mostLikelyWord, probabilitiesOf, reinforceLoss } from "./word-losses";
import { editKinds, letters, places, symbols, symbolsOf, type Misspelling } from "./words";

export const spellingPlots: readonly PlotDescriptor[] = [
  { id: "distances", title: "Distance from the word meant, by the kind of edit", kind: "bars" },
  { id: "alignment", title: "How an output is aligned with its word", kind: "heat-map" },
  { id: "noise", title: "Noise of the gradients of two losses", kind: "curve" },
  { id: "words", title: "Words meant, written and read", kind: "table" },
];

const shape = { places, symbols };
const width = places * symbols;
/** Of the mini-batches whose gradients are compared. */
const [batches, batchSize] = [60, 32];
const drawnWords = [2, 4, 8, 16, 32];
const shownWords = 12;

/** `distances` of every test word from the one meant. */
export function plotsOf(
  { seed, outputs, initialOutputs }: CustomLossOutcome,
  test: readonly Misspelling[],
  distances: readonly number[],
  gamma: number,
): PlotsById {
  const read = (i: number): string =>
    mostLikelyWord(outputs.subarray(i * width, (i + 1) * width), shape)
      .map((k) => letters[k])
      .join("");
  // Words in turn have all kinds of edits; the longest way to be wrong is the most telling.
  const shown = Array.from({ length: shownWords }, (_, i) => i * Math.floor(test.length / shownWords));
  return {
    distances: {
      kind: "bars",
      title: "Distance from the word meant, by the kind of edit",
      caption: "What was written is one edit away from the word meant; a network is worth something where it is nearer.",
      categories: [...editKinds],
      categoryTitle: "kind of edit",
      y: { label: "Mean edit distance" },
      series: [
        { name: "as written", values: editKinds.map(() => 1) },
        { name: "as read by the network", values: editKinds.map((kind) => meanDistance(test, distances, kind)) },
      ],
    },
    alignment: alignmentPlot(outputs, test, gamma),
    noise: noisePlot(seed, initialOutputs, test, gamma),
    words: {
      kind: "table",
      title: "Words meant, written and read",
      columns: ["meant", "written", "edit", "read", "distance"],
      rows: shown.map((i) => [test[i]?.word ?? "", test[i]?.written ?? "", test[i]?.kind ?? "", read(i), distances[i] ?? null]),
    },
  };
}

export function meanDistance(test: readonly Misspelling[], distances: readonly number[], kind: string): number {
  const chosen = distances.filter((_, i) => test[i]?.kind === kind);
  return chosen.reduce((sum, distance) => sum + distance, 0) / chosen.length;
}

/** The path weights of the first held-out deletion, which shifts all that follows. */
function alignmentPlot(outputs: Float32Array, test: readonly Misspelling[], gamma: number): PlotsById[string] {
  const at = Math.max(
    0,
    test.findIndex(({ kind }) => kind === "deletion"),
  );
  const { word = "", written = "" } = test[at] ?? {};
  const p = probabilitiesOf(outputs.subarray(at * width, (at + 1) * width), shape);
  const { substitution, deletion, insertion } = alignmentOf(p, symbolsOf(word), shape, gamma);
  const names = mostLikelyNames(p);
  return {
    kind: "heat-map",
    title: `${written} read for ${word}: weights of the paths, γ = ${gamma}`,
    caption:
      "How likely an alignment, drawn with weight e^(−cost/γ), puts a place to a symbol, leaves a place out, or puts a symbol in.",
    columns: [...Array.from({ length: places }, (_, j) => `${j + 1}: ${word[j] ?? "end"}`), "left out"],
    rows: [...names, "put in"],
    columnTitle: "symbol of the word meant",
    rowTitle: "place of the output and its likeliest symbol",
    value: { label: "weight" },
    z: [
      ...names.map((_, i) => [
        ...Array.from(substitution.subarray(i * places, (i + 1) * places), rounded),
        rounded(deletion[i] ?? 0),
      ]),
      [...Array.from(insertion, rounded), null],
    ],
  };
}

const rounded = (weight: number): number => Math.round(1000 * weight) / 1000;

function mostLikelyNames(p: Float64Array): string[] {
  return Array.from({ length: places }, (_, place) => {
    const own = p.subarray(place * symbols, (place + 1) * symbols);
    return `${place + 1}: ${letters[own.indexOf(Math.max(...own))] ?? "end"}`;
  });
}

/** Of gradients by the outputs' biases, which are means over mini-batches, before training: √(E‖g − E g‖²)/‖E g‖. */
function noisePlot(seed: number, outputs: Float32Array, test: readonly Misspelling[], gamma: number): PlotsById[string] {
  const stream = randomStream(seed, "spelling/noise");
  const chosen = Array.from({ length: batches }, (_, b) =>
    Array.from({ length: batchSize }, (__, i) => stream.integer(b * batchSize + i, test.length)),
  );
  const rows = (batch: readonly number[]) => batch.map((i) => outputs.subarray(i * width, (i + 1) * width));
  const words = (batch: readonly number[]) => batch.map((i) => symbolsOf(test[i]?.word ?? "").slice(0, test[i]?.word.length));
  const noiseOf = (gradients: (batch: readonly number[], index: number) => readonly Float64Array[]): number =>
    relativeNoise(chosen.map((batch, b) => average(gradients(batch, b))));
  const soft = noiseOf((batch) => {
    const meant = words(batch);
    return rows(batch).map((row, i) => alignmentLoss(row, meant[i] ?? [], shape, gamma).gradient);
  });
  const drawn = drawnWords.map((count) =>
    noiseOf((batch, index) => reinforceLoss(rows(batch), words(batch), shape, { drawn: count, seed, index }).gradients),
  );
  return {
    kind: "curve",
    title: "Noise of the gradients of two losses",
    caption: `Before training, over ${batches} mini-batches of ${batchSize}: the soft distance's gradient is noisy by the choice of the samples alone.`,
    x: { label: "Words drawn per sample", scale: "log" },
    y: { label: "√(E‖g − E g‖²)/‖E g‖", scale: "log" },
    series: [
      { name: "REINFORCE", x: drawnWords, y: drawn },
      { name: "measured", x: drawnWords, y: drawn, style: "points" },
      { name: `soft distance, γ = ${gamma}`, x: drawnWords, y: drawnWords.map(() => soft), style: "dashed" },
    ],
  };
}

function average(vectors: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((x, i) => (out[i] = (out[i] ?? 0) + x / vectors.length));
  return out;
}

function relativeNoise(vectors: readonly Float64Array[]): number {
  const mean = average(vectors);
  const squares = (vector: Float64Array, from: (i: number) => number): number =>
    vector.reduce((sum, x, i) => sum + (x - from(i)) ** 2, 0);
  const spread = vectors.reduce((sum, vector) => sum + squares(vector, (i) => mean[i] ?? 0), 0) / (vectors.length - 1);
  return Math.sqrt(spread / squares(mean, () => 0));
}
