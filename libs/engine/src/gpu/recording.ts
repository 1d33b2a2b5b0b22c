/** Numbers that a step works with. Its floats are those of one run, or of all runs alike. */
export interface Value {
  readonly floats: number;
  readonly home: Home;
}

/** Where a value comes from, and so where it lies. */
type Home =
  /** The i-th tensor of the state. */
  | { kind: "state"; index: number }
  /** The i-th input of the step. */
  | { kind: "input"; index: number; byRun: boolean }
  /** Known to the host when the step was recorded; those of all runs one behind the other, or shared. */
  | { kind: "constant"; values: Float32Array }
  /** Made by an operation. */
  | { kind: "temporary" };

/** A value as an operation takes it. */
export interface Operand {
  readonly value: Value;
  /** Each run has floats of its own. */
  readonly byRun: boolean;
  /** Floats that are left out at its start. */
  readonly skip?: number;
}

/**
 * Something that is done for every item of every run, all at once: `body` is WGSL that does it for item `i`, where `m[name + k]` is float k of the operand
 * of that name, and a size's name is its number. Items write places of their own and read none that another writes.
 */
export interface Operation {
  readonly body: string;
  readonly items: number;
  readonly reads: Readonly<Record<string, Operand>>;
  readonly writes: Readonly<Record<string, Operand>>;
  readonly sizes: Readonly<Record<string, number>>;
  /** Item i reads nothing but float i of what it reads with as many floats, so that it may write where it reads. */
  readonly pointwise: boolean;
}

/** A step as data. */
export interface Recording {
  readonly runs: number;
  readonly operations: readonly Operation[];
  /** What each tensor of the state is after the step, and what the host gets of it. */
  readonly state: readonly Value[];
  readonly outputs: readonly Value[];
  /** Floats of one run of each tensor of the state. */
  readonly stateFloats: readonly number[];
  readonly inputs: readonly { floats: number; byRun: boolean }[];
}

/** A step asked for something that no kernel of the GPU does; it goes on wasm. */
export class Untraced extends Error {
  override name = "Untraced";
}
