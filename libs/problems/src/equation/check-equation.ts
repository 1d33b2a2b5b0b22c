import type { Dataset, Issue } from "@basin/contracts";
import { constantsIn, unknownsIn, type EquationSystem, type EquationTexts, type TextFault } from "@basin/equations";
import { checkPlacement, unusedSeed } from "../differential-equations/equation-experiment";
import { judgingDataset, sweptConstants, type EquationParameters } from "./equation-parameters";
import { remembered } from "./remembered";
import { judgedPoints, knownSolution } from "./known-solution";
import { checkKnown, checkMeasured } from "./measured-points";
import { isInitial, typedSystem } from "./typed-system";

/** What of a configuration cannot be trained, each at the text that is wrong and with the place in it. */
export function checkEquation(parameters: EquationParameters): Issue[] {
  const { system, faults } = typedSystem(parameters);
  if (faults.length > 0) return faults.map((fault) => textIssue(fault, parameters[fault.field]));
  return [
    ...checkPlacement(parameters, system.coordinates.length),
    ...checkEdgePlacement(parameters, system),
    ...checkTrainable(parameters, system),
    ...checkReference(parameters, system),
  ];
}

/** What of a dataset does not fit a configuration that names it, as measurements, as the known solution, or as both. */
export function checkNamedDataset(parameters: EquationParameters, dataset: Dataset): Issue[] {
  const { system } = typedSystem(parameters);
  return [
    ...(parameters.dataset === dataset.id ? checkMeasured(parameters, system, dataset) : []),
    ...(judgingDataset(parameters) === dataset.id ? checkKnown(parameters, system, dataset) : []),
  ];
}

/** A fault in one of the texts of a parameter. */
export function textIssue({ field, index, at, message, hint }: TextFault, texts: readonly string[]): Issue {
  const text = texts[index] ?? "";
  return {
    path: `${field}[${index}]`,
    message: `character ${at + 1} of "${text}": ${message}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** A grid on an edge of several free coordinates has a power of points. */
function checkEdgePlacement({ placement, edgePoints }: EquationParameters, { conditions }: EquationSystem): Issue[] {
  const free = new Set(conditions.map((one) => one?.place.filter((value) => value === null).length ?? 0));
  return [...free].flatMap((coordinates) =>
    coordinates === 0
      ? []
      : checkPlacement({ placement, points: edgePoints }, coordinates).map((issue) => ({ ...issue, path: "edgePoints" })),
  );
}

function checkTrainable({ dataset, trainable }: EquationParameters, system: EquationSystem): Issue[] {
  if (system.trainable.length === 0 || dataset !== "") return [];
  return trainable.map((text, i) => ({
    path: `trainable[${i}]`,
    message: `"${text}": ${system.trainable[i]?.name ?? "a constant"} is to be found from data, but no dataset is named`,
    hint: "name one under dataset, or give the constant a value",
  }));
}

/** What was found of known solutions, by all that they depend on: a sweep is asked many times for few of them. */
const foundOfReferences = remembered<Issue[]>(200);

function checkReference(parameters: EquationParameters, system: EquationSystem): Issue[] {
  const { unknowns, coordinates, constants, trainable, equations, conditions, reference, referenceFrom } = parameters;
  if (referenceFrom === "none") return [];
  if (referenceFrom === "dataset")
    return parameters.referenceDataset === ""
      ? [
          {
            path: "referenceFrom",
            message: "the known solution is to come from a dataset, but referenceDataset names none",
            hint: 'name one there, or set referenceFrom to "formula" or "none"',
          },
        ]
      : [];
  const texts = referenceFrom === "formula" ? [] : [constants, trainable, equations, conditions];
  const key = JSON.stringify([unknowns, coordinates, [...system.constants], reference, referenceFrom, texts]);
  return foundOfReferences(key, () => referenceIssues(parameters, system));
}

function referenceIssues(parameters: EquationParameters, system: EquationSystem): Issue[] {
  const { referenceFrom } = parameters;
  if (referenceFrom === "formula" && system.reference.size === 0)
    return [
      { path: "reference", message: "no formula is given", hint: 'write e.g. u = sin(pi*x), or set referenceFrom to "none"' },
    ];
  try {
    const known = knownSolution(parameters, system, judgedPoints(system, true));
    const broken = known.find(({ values }) => !values.every(Number.isFinite));
    const path = referenceFrom === "formula" ? "reference" : "referenceFrom";
    if (broken)
      return [
        {
          path,
          message: `the known solution of ${system.unknowns[broken.unknown] ?? "an unknown"} is infinite or no number at some points of the ranges`,
          hint: "narrow the ranges, or correct it",
        },
      ];
    if (known.every(({ values }) => values.every((value) => value === 0)))
      return [
        {
          path,
          message: "the known solution is 0 everywhere, of which there is no relative error",
          hint: 'set referenceFrom to "none"',
        },
      ];
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [
      {
        path: "referenceFrom",
        message: `the equations cannot be integrated: ${error.message}`,
        hint: 'set referenceFrom to "formula" or "none"',
      },
    ];
  }
}

/** What a person should know though nothing forbids it: conditions that are missing, equations that are fewer than the unknowns. */
export function equationWarnings(parameters: EquationParameters): Issue[] {
  const { system, faults } = typedSystem(parameters);
  if (faults.length > 0) return [];
  const inEquations = system.equations.flatMap((one) => (one ? [one.left, one.right].flatMap(unknownsIn) : []));
  const missing = system.unknowns.flatMap((name) =>
    system.coordinates.flatMap((coordinate, c): Issue[] => {
      const order = Math.max(0, ...inEquations.filter((one) => one.name === name).map(({ orders }) => orders[c] ?? 0));
      const held = system.conditions.filter(
        (one) => one && one.place[c] !== null && [one.left, one.right].flatMap(unknownsIn).some((part) => part.name === name),
      ).length;
      if (held >= order) return [];
      const words = ["no condition fixes", "one condition fixes"][held] ?? `${held} conditions fix`;
      return [
        {
          path: "conditions",
          message: `${name} has derivatives of order ${order} by ${coordinate.name}, but ${words} it at a ${coordinate.name}: there are many solutions`,
          hint: `give it ${order - held} more at a value of ${coordinate.name}`,
        },
      ];
    }),
  );
  const few =
    system.equations.length < system.unknowns.length
      ? [
          {
            path: "equations",
            message: `${system.unknowns.length} unknowns have ${system.equations.length} equations`,
            hint: "as many are needed unless data say the rest",
          },
        ]
      : [];
  return parameters.dataset === "" ? [...missing, ...few] : [];
}

/** Parameters that change nothing of a run. */
export function idleInEquation(parameters: EquationParameters): string[] {
  const { system } = typedSystem(parameters);
  const initial = system.conditions.map((one) => one !== null && isInitial(one, system));
  return [
    ...unusedConstants(parameters, system),
    ...(parameters.dataset === "" ? ["columns", "dataWeight"] : []),
    ...(system.trainable.length === 0 ? ["constantRate"] : []),
    ...(parameters.referenceFrom === "formula" ? [] : ["reference"]),
    ...(parameters.referenceFrom === "dataset" ? [] : ["referenceDataset", "referenceColumns"]),
    ...(initial.includes(true) ? [] : ["initialWeight"]),
    ...(initial.includes(false) ? [] : ["conditionWeight"]),
    ...(parameters.placement === "grid" ? unusedSeed(parameters) : []),
  ];
}

/** Swept constants that no text names. */
export function unusedConstants(
  parameters: EquationTexts & Pick<EquationParameters, "referenceFrom">,
  system: EquationSystem,
): string[] {
  const { constants, coordinates, trainable, equations, conditions, reference, referenceFrom } = parameters;
  const values = [...constants, ...trainable].map((text) => text.slice(text.indexOf("=") + 1));
  const texts = [...values, ...coordinates, ...equations, ...conditions, ...(referenceFrom === "formula" ? reference : [])];
  const defined = [...constants, ...trainable].map((text) => text.split("=")[0]?.trim());
  const trained = new Set(system.trainable.map(({ name }) => name));
  const inReference = new Set([...system.reference.values()].flatMap(constantsIn));
  return sweptConstants.filter((name) => {
    if (system.unknowns.includes(name) || system.coordinates.some((one) => one.name === name)) return true;
    // A value under a trained constant is its true one, which only the known solution reads.
    if (trained.has(name) && !constants.some((text) => text.split("=")[0]?.trim() === name))
      return referenceFrom === "none" || (referenceFrom === "formula" && !inReference.has(name));
    const own = defined.includes(name) ? values : texts;
    return !own.some((text) => new RegExp(`\\b${name}\\b`).test(text));
  });
}
