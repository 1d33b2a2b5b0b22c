/** What cannot be read in a typed formula, with its place. */
export class FormulaError extends Error {
  override readonly name = "FormulaError";

  /** `at` counts characters from 0; `length` is 0 at the end of the text; `hint` is what would be right. */
  constructor(
    message: string,
    readonly at: number,
    readonly length: number,
    readonly hint?: string,
  ) {
    super(message);
  }
}
