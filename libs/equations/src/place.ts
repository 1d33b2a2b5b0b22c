import { evaluateFormula } from "./evaluate-formula";
import { partsOf, unknownsIn, type Formula } from "./formula";
import { FormulaError } from "./formula-error";

interface Known {
  coordinates: readonly { name: string; from: number; to: number }[];
  constants: ReadonlyMap<string, number>;
  trained: readonly string[];
}

/** Rounding of a bound that is computed, as a share of the range. */
const tolerance = 1e-9;

/** The value of each coordinate at a place, null where it is free. */
type Place = readonly (number | null)[];

/**
 * The place of a condition's unknowns, and the second one where some stand there: with other values of the same coordinates, as in u(0, t) = u(1, t). Throws
 * FormulaError.
 */
export function placesOf(
  sides: readonly Formula[],
  text: string,
  names: readonly string[],
  known: Known,
): { place: Place; partner: Place | null; atPartner: ReadonlySet<Formula> } {
  const unknowns = sides.flatMap(unknownsIn);
  const [first] = unknowns;
  if (!first)
    throw new FormulaError("contains no unknown, so it says nothing of one", 0, text.length, `write e.g. ${exampleOf(names)}`);
  const places = unknowns.map((one) => {
    if (!one.place)
      throw new FormulaError(
        `${one.name} is given no place`,
        one.span.start,
        one.span.end - one.span.start,
        `a condition says where it holds, e.g. ${exampleOf(names, text.slice(one.span.start, one.span.end))}`,
      );
    const place = one.place.map((part, i) => valueAt(part, names[i] ?? "", names, known));
    if (place.every((value) => value === null))
      throw new FormulaError(
        "no coordinate has a value here, so it holds everywhere",
        one.span.start,
        one.span.end - one.span.start,
        "write it among the equations, or give a coordinate a value",
      );
    return { one, place };
  });
  const place = places[0]?.place ?? [];
  const others = places.filter((each) => each.place.join() !== place.join());
  const partner = others[0]?.place ?? null;
  const wrong = others.find(
    (each) => each.place.join() !== partner?.join() || each.place.some((value, i) => (value === null) !== (place[i] === null)),
  );
  if (wrong)
    throw new FormulaError(
      "stands at another place than the one before it",
      wrong.one.span.start,
      wrong.one.span.end - wrong.one.span.start,
      "a condition holds at one place, or ties two ends of a coordinate, e.g. u(0, t) = u(1, t); write one for each",
    );
  return { place, partner, atPartner: new Set(others.map(({ one }) => one)) };
}

function valueAt(
  part: Formula,
  name: string,
  names: readonly string[],
  { coordinates, constants, trained }: Known,
): number | null {
  const { start, end } = part.span;
  if (part.kind === "coordinate" && part.name === name) return null;
  const inside = partsOf(part);
  const moving = inside.find(({ kind }) => kind === "coordinate" || kind === "unknown");
  if (moving)
    throw new FormulaError(
      `${name} is not constant here`,
      start,
      end - start,
      `write ${name} for every value of it, or a number; the order is ${names.join(", ")}`,
    );
  const trainedOne = inside.find((one) => one.kind === "constant" && trained.includes(one.name));
  if (trainedOne)
    throw new FormulaError(`${name} depends on a trained constant here`, start, end - start, "a place is known before training");
  const value = evaluateFormula(part, (one) => constants.get(one.name) ?? Number.NaN);
  const range = coordinates.find((one) => one.name === name);
  const margin = range ? tolerance * (range.to - range.from) : 0;
  if (range && !(value >= range.from - margin && value <= range.to + margin))
    throw new FormulaError(
      `${name} = ${value} is outside of its range from ${range.from} to ${range.to}`,
      start,
      end - start,
      `e.g. ${range.from} or ${range.to}`,
    );
  return range ? Math.min(range.to, Math.max(range.from, value)) : value;
}

function exampleOf(names: readonly string[], unknown = "u"): string {
  return `${unknown}(${names.map((name, i) => (i === 0 ? "0" : name)).join(", ")}) = 0`;
}
