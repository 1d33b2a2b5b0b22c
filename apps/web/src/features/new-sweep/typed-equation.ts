import {
  latexOf,
  latexOfEquation,
  latexOfName,
  readSystem,
  type EquationField,
  type EquationSystem,
  type EquationTexts,
  type TextFault,
} from "@basin/equations";
import type { Draft } from "./draft";
import type { SchemaField } from "../catalog/schema-fields";
import { isJson } from "../catalog/schema-fields";

/** What can be typed, in the order in which one thinks of it. */
const order: readonly EquationField[] = [
  "unknowns",
  "coordinates",
  "equations",
  "conditions",
  "constants",
  "trainable",
  "reference",
];

/** A parameter of typed lines, as it stands in a draft. */
export interface TypedField {
  field: SchemaField;
  name: EquationField;
  lines: readonly string[];
  /** It is swept over several lists of lines, so that none is the one to be edited here. */
  swept: boolean;
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The parameters of an experiment that a person types equations into; empty for every other experiment. */
export function typedFields(parameters: readonly SchemaField[], draft: Draft): TypedField[] {
  return order.flatMap((name) => {
    const field = parameters.find((one) => one.equation === name);
    if (!field) return [];
    const type = draft.value(`space.${field.name}.type`);
    const value = type === "fixed" ? draft.value(`space.${field.name}.value`) : field.fallback;
    return [{ field, name, lines: texts(value), swept: type !== undefined && type !== "fixed" }];
  });
}

export interface ReadEquations {
  /** Whether a reference is read. */
  referenced: boolean;
  faults: readonly TextFault[];
  /** LaTeX of a line that could be read; null for every other one. */
  latex: (name: EquationField, index: number) => string | null;
}

/** Reads what is typed, as the API will. Constants that are swept count with their default. */
export function readTyped(parameters: readonly SchemaField[], typed: readonly TypedField[], draft: Draft): ReadEquations {
  const given = Object.fromEntries(
    parameters.flatMap((field) => {
      if (field.equation !== "given") return [];
      const dimension = draft.value(`space.${field.name}`);
      const value = isJson(dimension) && dimension.type === "fixed" ? dimension.value : field.fallback;
      return [[field.name, typeof value === "number" ? value : 1]];
    }),
  );
  const known = draft.value("space.referenceFrom.value") ?? parameters.find(({ name }) => name === "referenceFrom")?.fallback;
  // A reference that is not asked for is not read.
  const referenced = known === "formula" || known === undefined;
  const read = Object.fromEntries(order.map((name) => [name, typed.find((one) => one.name === name)?.lines ?? []]));
  const { system, faults } = readSystem(
    { ...(read as unknown as EquationTexts), ...(referenced ? {} : { reference: [] }) },
    given,
  );
  const names = system.coordinates.map(({ name }) => name);
  return { faults, referenced, latex: (name, index) => latexOfLine(system, names, name, index, faults) };
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

function latexOfLine(
  system: EquationSystem,
  names: readonly string[],
  field: EquationField,
  index: number,
  faults: readonly TextFault[],
): string | null {
  if (faults.some((fault) => fault.field === field && fault.index === index)) return null;
  switch (field) {
    case "equations":
    case "conditions": {
      const equation = system[field][index];
      return equation ? latexOfEquation(equation, names) : null;
    }
    case "coordinates": {
      const one = system.coordinates[index];
      const whole = system.coordinates.length > index && faults.every((fault) => fault.field !== "coordinates");
      return one && whole ? `${latexOfName(one.name)} \\in [${short(one.from)}, ${short(one.to)}]` : null;
    }
    case "reference": {
      const entry = [...system.reference][index];
      return entry && faults.every((fault) => fault.field !== "reference")
        ? `${latexOfName(entry[0])} = ${latexOf(entry[1], names)}`
        : null;
    }
    default:
      return null;
  }
}
