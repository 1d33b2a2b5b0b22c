/**
 * The language in which a person types equations: formulas read into trees without evaluating any code, every fault with its place; systems of
 * equations with conditions checked against their unknowns, coordinates and constants; printing, LaTeX and values in double precision. It knows
 * nothing of networks or training, so that a form can read along while a person types.
 */
export { constantsIn, partsOf, unknownsIn, type Formula, type FunctionName } from "./formula";
export { parseFormula, type Equation } from "./parse-formula";
export { latexOf, latexOfEquation, latexOfName } from "./formula-latex";
export { evaluateFormula } from "./evaluate-formula";
export { excessOf, namesIn, readComparison, type Comparison } from "./comparison";
export {
  readSystem,
  type Condition,
  type EquationField,
  type EquationSystem,
  type EquationTexts,
  type TextFault,
} from "./equation-system";
