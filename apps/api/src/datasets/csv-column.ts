import type { ColumnSummary, DatasetColumn, DatasetVector } from "@basin/contracts";

/** Texts for a value that is not there; compared in lower case. */
const missingTexts = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);
const pointNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const commaNumber = /^[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?$/;
const mostCategories = 1000;
const toldTexts = 20;

export type CellKind = "number" | "text" | "missing";

/** Takes the cells of one column as they come and decides in the end what the column is. */
export class CsvColumn {
  #values = new Float64Array(1024);
  #codes = new Int32Array(1024);
  #rows = 0;
  #missing = 0;
  #numbers = 0;
  readonly #codeOf = new Map<string, number>();
  readonly #counts: number[] = [];
  #tooManyCategories = false;
  /** The first cells that are no number. */
  readonly texts: { row: number; text: string }[] = [];
  /** Where a number has a decimal comma, and where a decimal point; 0: nowhere. */
  commaRow = 0;
  pointRow = 0;

  constructor(readonly name: string) {}

  add(cell: string): CellKind {
    if (this.#rows === this.#values.length) this.#grow();
    const at = this.#rows++;
    const text = cell.trim();
    if (missingTexts.has(text.toLowerCase())) {
      this.#missing += 1;
      this.#values[at] = Number.NaN;
      this.#codes[at] = -1;
      return "missing";
    }
    const value = this.#number(text);
    this.#values[at] = value;
    this.#codes[at] = this.#code(text);
    if (Number.isFinite(value)) {
      this.#numbers += 1;
      return "number";
    }
    if (this.texts.length < toldTexts) this.texts.push({ row: this.#rows, text });
    return "text";
  }

  get missing(): number {
    return this.#missing;
  }

  get textCount(): number {
    return this.#rows - this.#missing - this.#numbers;
  }

  /** Every cell that is there is a number, or at least half of them: then the texts are mistakes. */
  get isNumber(): boolean {
    return this.textCount === 0 || this.#numbers >= this.textCount;
  }

  /** The number of distinct texts is above what a category column can have. */
  get tooManyCategories(): boolean {
    return !this.isNumber && this.#tooManyCategories;
  }

  finish(): { column: DatasetColumn; summary: ColumnSummary } {
    const none = { min: null, max: null, mean: null };
    const { name } = this;
    if (!this.isNumber) {
      const categories = [...this.#codeOf.keys()];
      const values = Float64Array.from(this.#codes.subarray(0, this.#rows));
      const counted = categories.map((category, i) => ({ name: category, count: this.#counts[i] ?? 0 }));
      return {
        column: { name, type: "category", values, categories },
        summary: { name, type: "category", missing: this.#missing, ...none, categories: counted },
      };
    }
    const values = this.#values.slice(0, this.#rows);
    return {
      column: { name, type: "number", values, categories: [] },
      summary: { name, type: "number", missing: this.#missing, ...figuresOf(values), categories: [] },
    };
  }

  #number(text: string): number {
    if (pointNumber.test(text)) {
      if (this.pointRow === 0 && text.includes(".")) this.pointRow = this.#rows;
      return Number(text);
    }
    if (!commaNumber.test(text)) return Number.NaN;
    if (this.commaRow === 0) this.commaRow = this.#rows;
    return Number(text.replace(",", "."));
  }

  /** Once there are too many, the texts of a number column would only fill the memory. */
  #code(text: string): number {
    if (this.#tooManyCategories) return -1;
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      if (this.#codeOf.size === mostCategories) {
        this.#tooManyCategories = true;
        this.#codeOf.clear();
        return -1;
      }
      code = this.#codeOf.size;
      this.#codeOf.set(text, code);
      this.#counts.push(0);
    }
    this.#counts[code] = (this.#counts[code] ?? 0) + 1;
    return code;
  }

  #grow(): void {
    const values = new Float64Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
    const codes = new Int32Array(values.length);
    codes.set(this.#codes);
    this.#codes = codes;
  }
}

/** Least, greatest and mean of the finite values; null when there is none. */
export function figuresOf(values: DatasetVector): { min: number | null; max: number | null; mean: number | null } {
  let min = Infinity;
  let max = -Infinity;
  let mean = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count += 1;
    min = Math.min(min, value);
    max = Math.max(max, value);
    mean += (value - mean) / count;
  }
  return count === 0 ? { min: null, max: null, mean: null } : { min, max, mean };
}
