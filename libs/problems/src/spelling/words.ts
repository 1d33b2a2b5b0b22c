import { editDistance, permutation, randomStream } from "@basin/numerics";
import type { SupervisedData } from "../kinds/supervised";

/** Letters of the words; one more symbol, the last, marks a word's end. */
export const letters = "abcdefgh";
export const symbols = letters.length + 1;
const end = letters.length;
/** Places of an input and of an output: the longest word has 7 letters, and one more where a letter was put in. */
export const places = 8;
const wordCount = 200;
const [shortest, longest] = [4, 7];

export const editKinds = ["substitution", "insertion", "deletion"] as const;
export type EditKind = (typeof editKinds)[number];

/** Random words of 4 to 7 letters, each three edits or more from every other, so that one edit leaves no doubt which was meant. */
export function wordsOf(dataSeed: number): string[] {
  const words: string[] = [];
  for (let draw = 0; words.length < wordCount; draw++) {
    const stream = randomStream(dataSeed, "spelling/words", draw);
    const length = shortest + stream.integer(0, longest - shortest + 1);
    const word = Array.from({ length }, (_, i) => letters[stream.integer(i + 1, letters.length)] ?? "").join("");
    if (words.every((other) => Math.abs(other.length - length) > 2 || editDistance(other, word) > 2)) words.push(word);
  }
  return words;
}

/** Every different word that one edit makes of a word. */
export function misspellings(word: string, kind: EditKind): string[] {
  const found = new Set<string>();
  const gaps = Array.from({ length: word.length + (kind === "insertion" ? 1 : 0) }, (_, i) => i);
  for (const at of gaps) {
    const [before, after] = [word.slice(0, at), word.slice(kind === "insertion" ? at : at + 1)];
    for (const letter of kind === "deletion" ? [""] : letters) found.add(before + letter + after);
  }
  found.delete(word);
  return [...found];
}

/** Symbols of a word at all places: its letters, then ends. */
export function symbolsOf(word: string): number[] {
  return Array.from({ length: places }, (_, i) => (i < word.length ? letters.indexOf(word[i] ?? "") : end));
}

/** The same as ones and zeros, [places, symbols]. */
export function oneHotOf(word: string): Float32Array {
  const out = new Float32Array(places * symbols);
  symbolsOf(word).forEach((symbol, place) => (out[place * symbols + symbol] = 1));
  return out;
}

export interface Misspelling {
  word: string;
  written: string;
  kind: EditKind;
}

/** One misspelling of every word and kind is held out to be judged; none where there is no other. */
function split(word: string, kind: EditKind, stream: ReturnType<typeof randomStream>): { seen: string[]; held: string[] } {
  const all = misspellings(word, kind);
  const order = Array.from(permutation(stream, all.length), (i) => all[i] ?? "");
  const held = all.length > 1 ? 1 : 0;
  return { seen: order.slice(held), held: order.slice(0, held) };
}

interface Split {
  training: Misspelling[];
  test: Misspelling[];
}

let last: { key: string; split: Split } | null = null;

/**
 * `samples` misspellings to train on, the words in turn and a third of each kind, each drawn from what is not held out; and those held out, of which none is
 * among them. The last answer is kept.
 */
export function misspelledWords({ samples, dataSeed }: { samples: number; dataSeed: number }): Split {
  const key = `${samples}/${dataSeed}`;
  if (last?.key === key) return last.split;
  const words = wordsOf(dataSeed);
  const parts = words.flatMap((word, w) =>
    editKinds.map((kind, k) => ({
      word,
      kind,
      ...split(word, kind, randomStream(dataSeed, "spelling/split", w * editKinds.length + k)),
    })),
  );
  const stream = randomStream(dataSeed, "spelling/samples");
  const training = Array.from({ length: samples }, (_, i): Misspelling => {
    const part = parts[(i % wordCount) * editKinds.length + (Math.floor(i / wordCount) % editKinds.length)];
    if (!part) throw new RangeError(`There is no word ${i}.`);
    return { word: part.word, kind: part.kind, written: part.seen[stream.integer(i, part.seen.length)] ?? "" };
  });
  const test = parts.flatMap(({ word, kind, held }) => held.map((written): Misspelling => ({ word, kind, written })));
  last = { key, split: { training, test } };
  return last.split;
}

/** What was written as inputs, the words meant as targets, both [samples, places · symbols]. */
export function samplesOf(list: readonly Misspelling[]): SupervisedData {
  const width = places * symbols;
  const [inputs, targets] = [new Float32Array(list.length * width), new Float32Array(list.length * width)];
  list.forEach(({ word, written }, i) => {
    inputs.set(oneHotOf(written), i * width);
    targets.set(oneHotOf(word), i * width);
  });
  return { samples: list.length, inputs, targets };
}
