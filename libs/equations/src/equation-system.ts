import type { Formula, Vocabulary } from "./formula";
import { constantsIn, functionNames, partsOf, unknownsIn } from "./formula";
import { evaluateFormula } from "./evaluate-formula";
import { FormulaError } from "./formula-error";
import { parseEquation, parseFormula, type Equation } from "./parse-formula";
import { placesOf } from "./place";

/** What a person types, one text each. */
export interface EquationTexts {
  /** Names: "u". */
  unknowns: readonly string[];
  /** Names with their ranges: "x in [0, 1]". */
  coordinates: readonly string[];
  /** Names with values, which may use those before them: "D = 0.01/pi". */
  constants: readonly string[];
  /** Constants that are trained, with where they start: "alpha = 0.3". */
  trainable: readonly string[];
  equations: readonly string[];
  /** Equations at places: "u(0, t) = 0". */
  conditions: readonly string[];
  /** Known solutions: "u = sin(pi*x)". */
  reference: readonly string[];
}
export type EquationField = keyof EquationTexts;

/** What is wrong in the text `index` of a field: from the character `at` (counted from 0) on. */
export interface TextFault {
  field: EquationField;
  index: number;
  at: number;
  length: number;
  message: string;
  hint?: string;
}

interface Coordinate {
  name: string;
  from: number;
  to: number;
}

/** An equation at a place: the value of each coordinate there; null: any. */
export interface Condition extends Equation {
  place: readonly (number | null)[];
  /** Where the condition ties two places, the second one, which has the same free coordinates. */
  partner: readonly (number | null)[] | null;
  /** The unknowns that stand there. */
  atPartner: ReadonlySet<Formula>;
}

/** Equations as they were typed, checked against each other. */
export interface EquationSystem {
  unknowns: readonly string[];
  coordinates: readonly Coordinate[];
  /** With a value each, those of `given` included. */
  constants: ReadonlyMap<string, number>;
  trainable: readonly { name: string; start: number }[];
  /** None is null where there are no faults; otherwise null stands for a text that could not be read. */
  equations: readonly (Equation | null)[];
  conditions: readonly (Condition | null)[];
  reference: ReadonlyMap<string, Formula>;
}

/**
 * Reads and checks what was typed. `given` are further constants with their values, which texts may define anew. What could be read is returned
 * whatever faults there are, so that it can be shown while a person types.
 */
export function readSystem(
  texts: EquationTexts,
  given: Readonly<Record<string, number>> = {},
): { system: EquationSystem; faults: TextFault[] } {
  const faults: TextFault[] = [];
  /** Runs one reading of a text; its fault is kept, with null for its result. */
  const reading = <T>(field: EquationField, index: number, read: (text: string) => T): T | null => {
    try {
      return read(texts[field][index] ?? "");
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      const { message, at, length, hint } = error;
      faults.push({ field, index, at, length, message, ...(hint === undefined ? {} : { hint }) });
      return null;
    }
  };
  const taken = new Map<string, string>();
  const unknowns = texts.unknowns.flatMap(
    (_, i) => reading("unknowns", i, (text) => newName(text, 0, "an unknown", taken)) ?? [],
  );
  const coordinateNames = texts.coordinates.map((text) => nameBefore(text, /\s+in\b|\s*\[/)).filter((name) => name !== "");

  const own = new Set([...unknowns, ...coordinateNames]);
  const constants = new Map(Object.entries(given).filter(([name]) => !own.has(name)));
  const takenForConstants = new Map([...coordinateNames.map((name): [string, string] => [name, "a coordinate"]), ...taken]);
  texts.constants.forEach((_, i) =>
    reading("constants", i, (text) => {
      const { name, value } = definition(
        text,
        { unknowns: [], coordinates: [], constants: [...constants.keys()] },
        constants,
        takenForConstants,
      );
      constants.set(name, value);
    }),
  );
  const coordinates = texts.coordinates.flatMap(
    (_, i) => reading("coordinates", i, (text) => coordinateIn(text, constants, taken)) ?? [],
  );
  const trainedNames = new Map<string, string>(
    unknowns.concat(coordinateNames).map((name) => [name, taken.get(name) ?? "a coordinate"]),
  );
  const trainable = texts.trainable.flatMap(
    (_, i) =>
      reading("trainable", i, (text) => {
        const { name, value } = definition(
          text,
          { unknowns: [], coordinates: [], constants: [...constants.keys()] },
          constants,
          trainedNames,
        );
        return { name, start: value };
      }) ?? [],
  );

  const names = coordinates.length === texts.coordinates.length ? coordinates.map(({ name }) => name) : coordinateNames;
  const trained = trainable.map(({ name }) => name);
  const vocabulary = { unknowns, coordinates: names, constants: [...new Set([...constants.keys(), ...trained])] };
  const equations = texts.equations.map((_, i) => reading("equations", i, (text) => equationIn(text, vocabulary)));
  const conditions = texts.conditions.map((_, i) =>
    reading("conditions", i, (text) => conditionIn(text, vocabulary, { coordinates, constants, trained })),
  );
  const reference = new Map<string, Formula>();
  texts.reference.forEach((_, i) =>
    reading("reference", i, (text) => {
      const { name, formula } = referenceIn(text, vocabulary);
      if (reference.has(name)) throw new FormulaError(`${name} has a reference already`, 0, text.length, "leave one out");
      const untold = constantsIn(formula).find((one) => one !== "pi" && !constants.has(one));
      if (untold !== undefined)
        throw new FormulaError(
          `${untold} is trained and has no known value`,
          ...placeIn(formula, untold),
          `give its true value among the constants: ${untold} = …`,
        );
      reference.set(name, formula);
    }),
  );
  if (faults.length === 0)
    faults.push(...unusedUnknowns(unknowns, equations), ...unusedTrainable(trained, [...equations, ...conditions]));
  return { system: { unknowns, coordinates, constants, trainable, equations, conditions, reference }, faults };
}

const nameForm = /^[A-Za-z][A-Za-z0-9]*$/;
const longestName = 32;

function nameBefore(text: string, end: RegExp): string {
  const name = text.slice(0, Math.max(0, text.search(end))).trim();
  return nameForm.test(name) ? name : "";
}

/** The trimmed text as a name that nothing has yet; `shift` is where the text begins. */
function newName(text: string, shift: number, what: string, taken: Map<string, string>): string {
  const name = text.trim();
  const at = shift + text.length - text.trimStart().length;
  if (name === "")
    throw new FormulaError("found no name", shift, text.length, `${what} is named e.g. ${what === "a coordinate" ? "x" : "u"}`);
  if (!nameForm.test(name))
    throw new FormulaError(
      `found "${name}", which is no name`,
      at,
      name.length,
      "a name has letters and digits and begins with a letter",
    );
  if (name.length > longestName)
    throw new FormulaError(`is a name of ${name.length} characters`, at, name.length, `at most ${longestName}`);
  if ([...functionNames, "pi", "in"].includes(name))
    throw new FormulaError(`"${name}" has a meaning already`, at, name.length, "choose another name");
  const before = taken.get(name);
  if (before !== undefined) throw new FormulaError(`"${name}" is ${before} already`, at, name.length, "choose another name");
  taken.set(name, what);
  return name;
}

/** `name = value`. */
function definition(
  text: string,
  vocabulary: Vocabulary,
  constants: ReadonlyMap<string, number>,
  taken: Map<string, string>,
): { name: string; value: number } {
  const sign = text.indexOf("=");
  if (sign < 0) throw new FormulaError("found no value", text.length, 0, "write e.g. alpha = 0.1");
  const name = newName(text.slice(0, sign), 0, "a constant", taken);
  return { name, value: shifted(sign + 1, () => constantValue(text.slice(sign + 1), vocabulary, constants)) };
}

/** A formula of constants alone. */
function constantValue(text: string, vocabulary: Vocabulary, constants: ReadonlyMap<string, number>): number {
  const value = evaluateFormula(parseFormula(text, vocabulary), (part) => constants.get(part.name) ?? Number.NaN);
  if (!Number.isFinite(value))
    throw new FormulaError(`is ${value}, not a number`, 0, text.length, "see that nothing is divided by 0");
  return value;
}

/** `name in [from, to]`. */
function coordinateIn(text: string, constants: ReadonlyMap<string, number>, taken: Map<string, string>): Coordinate {
  const form = "write e.g. x in [0, 1]";
  const word = /\s+in\b/.exec(text);
  if (!word) throw new FormulaError("found no range", text.trimEnd().length, 0, form);
  const name = newName(text.slice(0, word.index), 0, "a coordinate", taken);
  const open = text.indexOf("[");
  const afterWord = word.index + word[0].length;
  if (open < 0 || text.slice(afterWord, open).trim() !== "")
    throw new FormulaError('found no "[" behind "in"', afterWord, Math.max(0, open - afterWord), form);
  const comma = text.indexOf(",", open);
  const close = text.lastIndexOf("]");
  if (close < open) throw new FormulaError('found "[" that is never closed', open, 1, form);
  if (comma < 0 || comma > close) throw new FormulaError("found a range of one number", open, close + 1 - open, form);
  if (text.slice(close + 1).trim() !== "")
    throw new FormulaError("found more behind the range", close + 1, text.length - close - 1, form);
  const vocabulary = { unknowns: [], coordinates: [], constants: [...constants.keys()] };
  const bound = (start: number, end: number): number =>
    shifted(start, () => constantValue(text.slice(start, end), vocabulary, constants));
  const [from, to] = [bound(open + 1, comma), bound(comma + 1, close)];
  if (!(to > from))
    throw new FormulaError(
      `the range from ${from} to ${to} is empty`,
      open,
      close + 1 - open,
      "the first number is the lower one",
    );
  return { name, from, to };
}

/** A fault within a part of a text, at its place in the whole. */
function shifted<T>(by: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new FormulaError(error.message, error.at + by, error.length, error.hint);
  }
}

function equationIn(text: string, vocabulary: Vocabulary): Equation {
  const equation = parseEquation(text, vocabulary);
  const unknowns = sidesOf(equation).flatMap(unknownsIn);
  if (unknowns.length === 0)
    throw new FormulaError(
      "contains no unknown, so it says nothing of one",
      0,
      text.length,
      `write e.g. ${exampleOf(vocabulary)}`,
    );
  for (const { place, span, name } of unknowns) {
    const free = place?.every((one, i) => one.kind === "coordinate" && one.name === vocabulary.coordinates[i]) ?? true;
    if (!free)
      throw new FormulaError(
        `${name} is taken at a place here; an equation holds everywhere`,
        span.start,
        span.end - span.start,
        "write it among the conditions",
      );
  }
  return equation;
}

function conditionIn(
  text: string,
  vocabulary: Vocabulary,
  known: { coordinates: readonly Coordinate[]; constants: ReadonlyMap<string, number>; trained: readonly string[] },
): Condition {
  const equation = parseEquation(text, vocabulary);
  return { ...equation, ...placesOf(sidesOf(equation), text, vocabulary.coordinates, known) };
}

function referenceIn(text: string, vocabulary: Vocabulary): { name: string; formula: Formula } {
  const { left, right } = parseEquation(text, vocabulary);
  if (left.kind !== "unknown" || left.orders.some((order) => order > 0) || left.place)
    throw new FormulaError(
      "found no unknown alone on the left",
      left.span.start,
      left.span.end - left.span.start,
      `write e.g. ${vocabulary.unknowns[0] ?? "u"} = sin(pi*${vocabulary.coordinates[0] ?? "x"})`,
    );
  const [inside] = unknownsIn(right);
  if (inside)
    throw new FormulaError(
      `found ${inside.name} in its own reference`,
      inside.span.start,
      inside.span.end - inside.span.start,
      "a reference is a formula of coordinates and constants",
    );
  return { name: left.name, formula: right };
}

function sidesOf({ left, right }: Equation): [Formula, Formula] {
  return [left, right];
}

function exampleOf({ unknowns, coordinates }: Vocabulary): string {
  return `${unknowns[0] ?? "u"}_${coordinates[0] ?? "x"} = 0`;
}

function placeIn(formula: Formula, constant: string): [at: number, length: number] {
  const found = partsOf(formula).find((part) => part.kind === "constant" && part.name === constant);
  return found ? [found.span.start, found.span.end - found.span.start] : [0, 0];
}

function unusedUnknowns(unknowns: readonly string[], equations: readonly (Equation | null)[]): TextFault[] {
  const used = new Set(
    equations.flatMap((one) =>
      one
        ? sidesOf(one)
            .flatMap(unknownsIn)
            .map(({ name }) => name)
        : [],
    ),
  );
  return unknowns.flatMap((name, index) =>
    used.has(name)
      ? []
      : [
          {
            field: "unknowns" as const,
            index,
            at: 0,
            length: name.length,
            message: `${name} is in no equation`,
            hint: "use it, or leave it out",
          },
        ],
  );
}

function unusedTrainable(trained: readonly string[], equations: readonly (Equation | null)[]): TextFault[] {
  const used = new Set(equations.flatMap((one) => (one ? sidesOf(one).flatMap(constantsIn) : [])));
  return trained.flatMap((name, index) =>
    used.has(name)
      ? []
      : [
          {
            field: "trainable" as const,
            index,
            at: 0,
            length: name.length,
            message: `${name} is in no equation or condition, so nothing trains it`,
            hint: "use it, or leave it out",
          },
        ],
  );
}
