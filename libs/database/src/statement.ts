import type { InOf, OutOf, SqlType } from "./sql-types";

export type Row = Record<string, unknown>;
export type Columns = Readonly<Record<string, SqlType>>;
export type RowOf<C extends Columns> = { [K in keyof C]: OutOf<C[K]> };
type ValuesOf<P extends readonly SqlType[]> = { [K in keyof P]: InOf<P[K]> };

declare const row: unique symbol;

/**
 * A text with its values, ready to be sent. Only `statement` and `composed` make them, so every text that reaches the ledger was
 * declared with its types, and `statements.int.spec.ts` has held them against the migrated schema.
 */
export interface Statement<R extends Row = Row> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Makes it a prepared statement of its connection: for statements whose planning costs more than their work. */
  readonly name?: string;
  /** For the compiler alone. */
  readonly [row]: R;
}

/** A text and what was said of it. */
export interface Declared {
  text: string;
  parameters: readonly SqlType[];
  /** Null: what it returns is only counted. */
  row: Columns | null;
}

const everyDeclared: (() => Iterable<Declared>)[] = [];

/** Every text of the modules that are loaded; of a composed one all variants. */
export function* declaredStatements(): Generator<Declared> {
  for (const texts of everyDeclared) yield* texts();
}

/** Declares a text once, when its module is loaded. What it makes takes the values of `$1`, `$2` … in their order. */
export function statement<const P extends readonly SqlType[] = [], C extends Columns = Record<string, never>>(declared: {
  name?: string;
  text: string;
  parameters?: P;
  row?: C;
}): (...values: ValuesOf<P>) => Statement<RowOf<C>> {
  const { text, name, parameters = [] } = declared;
  everyDeclared.push(() => [{ text, parameters, row: declared.row ?? null }]);
  const head = name === undefined ? { text } : { text, name };
  return (...values) => ({ ...head, values }) as unknown as Statement<RowOf<C>>;
}

/** Adds a value and says how the text names it: `$n`. */
export type Parameter = <In>(type: SqlType<unknown, In>, value: In) => string;

/**
 * Declares a text that depends on what is asked. `variants`: inputs that together make every fragment of it, in every place that a
 * fragment can stand in; they are what the spec checks.
 */
export function composed<Input, C extends Columns>(declared: {
  row: C | ((input: Input) => C);
  compose: (input: Input, parameter: Parameter) => string;
  variants: () => Iterable<Input>;
}): (input: Input) => Statement<RowOf<C>> {
  const make = (input: Input): Declared & { values: unknown[] } => {
    const parameters: SqlType[] = [];
    const values: unknown[] = [];
    const text = declared.compose(input, (type, value) => {
      parameters.push(type);
      return `$${values.push(value)}`;
    });
    return { text, values, parameters, row: typeof declared.row === "function" ? declared.row(input) : declared.row };
  };
  everyDeclared.push(function* () {
    for (const input of declared.variants()) yield make(input);
  });
  return (input) => {
    const { text, values } = make(input);
    return { text, values } as unknown as Statement<RowOf<C>>;
  };
}
