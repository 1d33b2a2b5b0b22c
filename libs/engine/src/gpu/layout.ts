import type { Operand, Operation, Recording, Value } from "./recording";

/**
 * Floats in one buffer, region by region: the state, what operations make, numbers that runs share, those that each has, the inputs of every step,
 * shared and of each run, and the outputs. In all but the shared ones a run has a block of its own.
 */
export const regions = ["state", "temporaries", "forAll", "own", "sharedInputs", "ownInputs", "outputs"] as const;
export type Region = (typeof regions)[number];

export interface Place {
  region: Region;
  /** Floats from the start of the region's block. */
  at: number;
}

/** Where everything of a recording lies. */
export interface Layout {
  /** Floats of a block: of a run, of all runs where they share, and of a step of it where it has steps. */
  blocks: Readonly<Record<Region, number>>;
  placeOf: (operand: Operand) => Place;
  constants: readonly { place: Place; values: Float32Array }[];
  /** Of the inputs in their order. */
  inputs: readonly Place[];
  /** With a copy of each output, and of what of the new state could not be made where the old one was. */
  operations: readonly Operation[];
}

const whole = (floats: number): number => Math.ceil(floats / 4) * 4;

const copyBody = "m[out + i] = m[x + i];";

function copy(from: Value, to: Value): Operation {
  const operand = (value: Value): Operand => ({ value, byRun: true });
  return {
    body: copyBody,
    items: to.floats,
    reads: { x: operand(from) },
    writes: { out: operand(to) },
    sizes: {},
    pointwise: true,
  };
}

export function layOut(recording: Recording): Layout {
  const blocks = Object.fromEntries(regions.map((region) => [region, 0])) as Record<Region, number>;
  const take = (region: Region, floats: number): Place => {
    const place = { region, at: blocks[region] };
    blocks[region] += whole(floats);
    return place;
  };
  const state = recording.stateFloats.map((floats) => take("state", floats));
  const inputs = recording.inputs.map(({ floats, byRun }) => take(byRun ? "ownInputs" : "sharedInputs", floats));
  const { operations, places } = placeResults(recording, state, (floats) => take("outputs", floats));
  for (const [value, at] of placeTemporaries(operations, places)) places.set(value, at);
  blocks.temporaries = places.size === 0 ? 0 : temporaryFloats(places);

  const constants: { place: Place; values: Float32Array }[] = [];
  const known = new Map<Float32Array, Partial<Record<"forAll" | "own", Place>>>();
  const placeOf = ({ skip = 0, ...operand }: Operand): Place => {
    const { region, at } = wholeOf(operand);
    return { region, at: at + skip };
  };
  const wholeOf = ({ value, byRun }: Operand): Place => {
    const { home } = value;
    if (home.kind === "state") return state[home.index] ?? missing();
    if (home.kind === "input") return inputs[home.index] ?? missing();
    if (home.kind === "temporary") return places.get(value) ?? missing();
    const region = byRun ? "own" : "forAll";
    const found = known.get(home.values) ?? {};
    const place = (found[region] ??= take(region, byRun ? home.values.length / recording.runs : home.values.length));
    if (!known.get(home.values)?.[region]) constants.push({ place, values: home.values });
    known.set(home.values, found);
    return place;
  };
  for (const { reads, writes } of operations)
    for (const operand of [...Object.values(reads), ...Object.values(writes)]) placeOf(operand);
  return { blocks, placeOf, constants: uniqueConstants(constants), inputs, operations };
}

function uniqueConstants(all: readonly { place: Place; values: Float32Array }[]): typeof all {
  const seen = new Set<string>();
  return all.filter(({ place: { region, at } }) => !seen.has(`${region} ${at}`) && seen.add(`${region} ${at}`));
}

/**
 * The operations with copies of new state and outputs to where they belong; what is made by one operation alone is made there at once where that disturbs
 * nobody who still reads the old state.
 */
function placeResults(
  { operations, state, outputs }: Recording,
  places: readonly Place[],
  takeOutput: (floats: number) => Place,
): { operations: Operation[]; places: Map<Value, Place> } {
  const all = [...operations];
  const placed = new Map<Value, Place>();
  const writersOf = (value: Value): number[] =>
    operations.flatMap(({ writes }, i) => (Object.values(writes).some((one) => one.value === value) ? [i] : []));
  const lastReader = (index: number): number =>
    operations.findLastIndex(({ reads }) =>
      Object.values(reads).some(({ value: { home } }) => home.kind === "state" && home.index === index),
    );
  const readsState = (operation: Operation | undefined, index: number): boolean =>
    Object.values(operation?.reads ?? {}).some(({ value: { home } }) => home.kind === "state" && home.index === index);
  const copies: Operation[] = [];
  state.forEach((value, index) => {
    const place = places[index] ?? missing();
    if (value.home.kind === "state" && value.home.index === index) return;
    const [writer = -1, ...others] = writersOf(value);
    const free = others.length === 0 && writer >= 0 && !placed.has(value) && lastReader(index) <= writer;
    if (free && (operations[writer]?.pointwise || !readsState(operations[writer], index))) placed.set(value, place);
    else copies.push(copy(value, { floats: value.floats, home: { kind: "state", index } }));
  });
  // What is copied into the state may itself be old state of another tensor: all of it is read before any is written.
  const early = copies.map(({ reads, items }) => {
    const kept: Value = { floats: items, home: { kind: "temporary" } };
    return { kept, first: copy(reads["x"]?.value ?? missing(), kept) };
  });
  all.push(...early.map(({ first }) => first));
  copies.forEach((one, i) => all.push({ ...one, reads: { x: { value: early[i]?.kept ?? missing(), byRun: true } } }));
  for (const value of outputs) {
    const out: Value = { floats: value.floats, home: { kind: "temporary" } };
    placed.set(out, takeOutput(value.floats));
    all.push(copy(value, out));
  }
  return { operations: all, places: placed };
}

/** Places of what operations make, each as long as something still reads it; first fit. */
function placeTemporaries(operations: readonly Operation[], placed: ReadonlyMap<Value, Place>): Map<Value, Place> {
  const last = new Map<Value, number>();
  operations.forEach(({ reads, writes }, i) => {
    for (const { value } of [...Object.values(reads), ...Object.values(writes)]) last.set(value, i);
  });
  const found = new Map<Value, Place>();
  let busy: { from: number; to: number; until: number }[] = [];
  operations.forEach(({ writes }, i) => {
    for (const { value } of Object.values(writes)) {
      if (value.home.kind !== "temporary" || placed.has(value) || found.has(value)) continue;
      busy = busy.filter(({ until }) => until >= i).sort((a, b) => a.from - b.from);
      const floats = whole(value.floats);
      let at = 0;
      for (const { from, to } of busy) {
        if (from - at >= floats) break;
        at = Math.max(at, to);
      }
      busy.push({ from: at, to: at + floats, until: last.get(value) ?? i });
      found.set(value, { region: "temporaries", at });
    }
  });
  return found;
}

function temporaryFloats(places: ReadonlyMap<Value, Place>): number {
  return Math.max(
    0,
    ...Array.from(places, ([value, { region, at }]) => (region === "temporaries" ? at + whole(value.floats) : 0)),
  );
}

function missing(): never {
  throw new Error("An operation takes a value that nothing has made.");
}
