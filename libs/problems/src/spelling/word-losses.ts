import { editDistance, exponential, logarithm, randomStream, softEditDistance, type SoftEditDistance } from "@basin/numerics";

/** How many places a word has at most, and how many symbols, of which the last marks the end. */
export interface WordShape {
  places: number;
  symbols: number;
}

/** Probabilities of every symbol at every place, [places, symbols]: a softmax of the outputs of each place. */
export function probabilitiesOf(outputs: ArrayLike<number>, { places, symbols }: WordShape): Float64Array {
  const out = new Float64Array(places * symbols);
  for (let start = 0; start < out.length; start += symbols) {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < symbols; k++) greatest = Math.max(greatest, outputs[start + k] ?? Number.NaN);
    let total = 0;
    for (let k = 0; k < symbols; k++) total += out[start + k] = exponential((outputs[start + k] ?? Number.NaN) - greatest);
    for (let k = 0; k < symbols; k++) out[start + k] = (out[start + k] ?? 0) / total;
  }
  return out;
}

/** The symbols before the first end. */
export function readWord(symbolsAtPlaces: ArrayLike<number>, { symbols }: WordShape): number[] {
  const out: number[] = [];
  for (let i = 0; i < symbolsAtPlaces.length && symbolsAtPlaces[i] !== symbols - 1; i++) out.push(symbolsAtPlaces[i] ?? 0);
  return out;
}

/** The most likely symbol of every place, read up to the first end. */
export function mostLikelyWord(values: ArrayLike<number>, shape: WordShape): number[] {
  return readWord(
    Array.from({ length: shape.places }, (_, place) => greatestAt(values, place * shape.symbols, shape.symbols)),
    shape,
  );
}

function greatestAt(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if ((values[start + k] ?? 0) > (values[start + best] ?? 0)) best = k;
  return best;
}

/** What one sample costs, and the derivative by its outputs [places, symbols]. */
export interface WordLoss {
  loss: number;
  gradient: Float64Array;
}

/** Mean over the places of the cross-entropy with the word's symbol there; the word is filled up with ends. */
export function placesLoss(outputs: ArrayLike<number>, word: readonly number[], shape: WordShape): WordLoss {
  const { places, symbols } = shape;
  const gradient = probabilitiesOf(outputs, shape).map((p) => p / places);
  let loss = 0;
  for (let place = 0; place < places; place++) {
    const at = place * symbols + (word[place] ?? symbols - 1);
    loss -= logarithm((gradient[at] ?? 0) * places) / places;
    gradient[at] = (gradient[at] ?? 0) - 1 / places;
  }
  return { loss, gradient };
}

/**
 * Soft alignments of what stands at the places with a word that is filled up with ends, in expectation: symbol t at place i costs 1 − p_i(t), leaving a place
 * out and putting a symbol in cost 1 each.
 */
export function alignmentOf(
  p: ArrayLike<number>,
  word: readonly number[],
  { places, symbols }: WordShape,
  gamma: number,
): SoftEditDistance {
  return softEditDistance(
    {
      substitution: Float64Array.from({ length: places * places }, (_, at) => {
        const symbol = word[at % places] ?? symbols - 1;
        return 1 - (p[Math.floor(at / places) * symbols + symbol] ?? Number.NaN);
      }),
      deletion: new Float64Array(places).fill(1),
      insertion: new Float64Array(places).fill(1),
    },
    gamma,
  );
}

/** The soft distance of that alignment. Its derivative by a cost is how likely the alignment uses it; the softmax does the rest. */
export function alignmentLoss(outputs: ArrayLike<number>, word: readonly number[], shape: WordShape, gamma: number): WordLoss {
  const { places, symbols } = shape;
  const p = probabilitiesOf(outputs, shape);
  const { value, substitution } = alignmentOf(p, word, shape, gamma);
  const gradient = new Float64Array(p.length);
  for (let place = 0; place < places; place++) {
    const start = place * symbols;
    for (let j = 0; j < places; j++) {
      const at = start + (word[j] ?? symbols - 1);
      gradient[at] = (gradient[at] ?? 0) - (substitution[place * places + j] ?? 0);
    }
    let mean = 0;
    for (let k = start; k < start + symbols; k++) mean += (p[k] ?? 0) * (gradient[k] ?? 0);
    for (let k = start; k < start + symbols; k++) gradient[k] = (p[k] ?? 0) * ((gradient[k] ?? 0) - mean);
  }
  return { loss: value, gradient };
}

/**
 * Words drawn from the places and their hard distances: the mean distance over a batch, and REINFORCE's estimate of its gradient by the outputs (R. J. Williams 1992),
 * Σ (d − b)·∂ln P(word) over the words drawn, by their number. The baseline b of a word is the mean distance of all others of the batch, so that the estimate is not biased. P is
 * that of the symbols up to the first end. `seed` and `index` name the draws.
 */
export function reinforceLoss(
  outputs: readonly ArrayLike<number>[],
  words: readonly (readonly number[])[],
  shape: WordShape,
  { drawn, seed, index }: { drawn: number; seed: number; index: number },
): { loss: number; gradients: Float64Array[] } {
  const { places, symbols } = shape;
  const stream = randomStream(seed, "spelling/drawn-words", index);
  const uniforms = new Float64Array(places);
  const total = outputs.length * drawn;
  const tries = outputs.map((one, sample) => {
    const p = probabilitiesOf(one, shape);
    const choices = Array.from({ length: drawn }, (_, k) => {
      stream.fillUniform(uniforms, (sample * drawn + k) * places);
      const choice = Array.from(uniforms, (u, place) => chosen(p, place * symbols, symbols, u));
      return { choice, distance: editDistance(readWord(choice, shape), words[sample] ?? []) };
    });
    return { p, choices };
  });
  const sum = tries.reduce((all, { choices }) => all + choices.reduce((own, { distance }) => own + distance, 0), 0);
  const gradients = tries.map(({ p, choices }) => {
    const gradient = new Float64Array(p.length);
    for (const { choice, distance } of choices) {
      const weight = (distance - (sum - distance) / (total - 1)) / drawn;
      for (const [place, symbol] of choice.entries()) {
        for (let k = 0; k < symbols; k++) {
          const at = place * symbols + k;
          gradient[at] = (gradient[at] ?? 0) + weight * ((k === symbol ? 1 : 0) - (p[at] ?? 0));
        }
        if (symbol === symbols - 1) break;
      }
    }
    return gradient;
  });
  return { loss: sum / total, gradients };
}

/** The symbol that a uniform number falls to. */
function chosen(p: Float64Array, start: number, count: number, u: number): number {
  let rest = u;
  for (let k = 0; k < count - 1; k++) {
    rest -= p[start + k] ?? 0;
    if (rest < 0) return k;
  }
  return count - 1;
}
