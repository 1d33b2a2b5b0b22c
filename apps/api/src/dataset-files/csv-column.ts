import type { ColumnSummary, DatasetColumn, DatasetVector } from "@basin/contracts";
import { dateLike, readDate } from "./csv-date";
import { numberLike, type ReadNumber } from "./csv-number";

/** Texts for a value that is not there; compared in lower case. */
const missingTexts = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);
const mostCategories = 1000;
/** A column with more different texts than this names nothing that repeats when most rows have one of their own. */
const fewTexts = 20;
const toldCells = 20;
/** Of a column that is written in one strange way from top to bottom. */
const toldExamples = 3;
/** What texts look like is judged by the first so many of a column. */
const judgedTexts = 5000;

export type CellKind = "number" | "text" | "missing";

/** A cell that does not fit its column: what is said of it after its text, and what would be right. */
export interface CellFault {
  row: number;
  line: number;
  text: string;
  fault: string;
  hint: string;
}

/** A cell with a decimal sign. */
export interface SignedCell {
  row: number;
  line: number;
  text: string;
}

const noNumber = "is no number";
const writeNumber = "write a number like -1.5e3, or leave the cell empty when the value is missing";
const writeDate = "write a date that exists, like 2020-12-31 or 2020-12-31T18:00:00Z";

/** Takes the cells of one column as they come and decides in the end what the column is. */
export class CsvColumn {
  /** Numbers, or seconds since 1970 where the cell is a date; NaN for texts. */
  #values = new Float64Array(1024);
  #codes = new Int32Array(1024);
  #rows = 0;
  #missing = 0;
  #numbers = 0;
  #dates = 0;
  #zones = 0;
  #judged = 0;
  #likeNumbers = 0;
  #likeDates = 0;
  readonly #codeOf = new Map<string, number>();
  readonly #counts: number[] = [];
  #tooManyTexts = false;
  readonly #numberFaults: CellFault[] = [];
  readonly #dateFaults: CellFault[] = [];
  readonly #codeFaults: CellFault[] = [];
  /** Cells like 01000, and how many digits every cell of digits alone has; null: they differ, or there are other numbers. */
  #zeroFirst = 0;
  #digits: number | null | undefined;
  readonly #numberLikes: CellFault[] = [];
  /** The first cell with each decimal sign that is nothing else, and the first whose sign may also be a thousands separator. */
  readonly signs: Record<"." | ",", { sure: SignedCell | null; grouped: SignedCell | null }> = {
    ".": { sure: null, grouped: null },
    ",": { sure: null, grouped: null },
  };

  /** `asText`: its cells are texts, whatever they look like. */
  constructor(
    readonly name: string,
    private readonly read: (cell: string) => ReadNumber,
    private readonly asText: boolean,
  ) {}

  add(cell: string, line: number): CellKind {
    if (this.#rows === this.#values.length) this.#grow();
    const at = this.#rows++;
    const text = cell.trim();
    if (missingTexts.has(text.toLowerCase())) {
      this.#missing += 1;
      this.#values[at] = Number.NaN;
      this.#codes[at] = -1;
      return "missing";
    }
    this.#codes[at] = this.#code(text);
    const found = this.asText ? null : this.read(text);
    if (found && "value" in found) {
      this.#values[at] = found.value;
      this.#numbers += 1;
      this.#notice(text, line);
      if (found.sign) this.signs[found.sign][found.grouped ? "grouped" : "sure"] ??= { row: this.#rows, line, text };
      keep(this.#dateFaults, { row: this.#rows, line, text, fault: "is no date", hint: writeDate });
      return "number";
    }
    this.#values[at] = Number.NaN;
    if (!this.asText) this.#text(at, line, text, found);
    return "text";
  }

  /** Whole numbers that begin with a zero are codes (01000 is a place in Massachusetts): as numbers they would lose it. */
  #notice(text: string, line: number): void {
    const digits = /^\d+$/.test(text) ? text.length : null;
    this.#digits = this.#digits === undefined || this.#digits === digits ? digits : null;
    if (digits === null || digits === 1 || !text.startsWith("0")) return;
    this.#zeroFirst += 1;
    const fault = "begins with a zero, so it seems to be a code and not a number like the others of its column";
    keep(this.#codeFaults, { row: this.#rows, line, text, fault, hint: `write ${Number(text)} if it is a number` });
  }

  #text(at: number, line: number, text: string, fault: ReadNumber): void {
    const cell = { row: this.#rows, line, text };
    const date = readDate(text);
    if (date) {
      this.#values[at] = date.seconds;
      this.#dates += 1;
      if (date.zone) this.#zones += 1;
    } else keep(this.#dateFaults, { ...cell, fault: "is no date", hint: writeDate });
    const own = fault && "fault" in fault ? fault : null;
    if (this.#judged < judgedTexts) {
      this.#judged += 1;
      const like = date ? null : numberLike(text);
      if (date || dateLike(text)) this.#likeDates += 1;
      else if (own || like) this.#likeNumbers += 1;
      if (like && !own)
        keep(this.#numberLikes, { ...cell, fault: `${noNumber}: it seems to be ${like.seems}`, hint: `write ${like.write}` });
    }
    if (own) keep(this.#numberLikes, { ...cell, ...own });
    if (this.#numberFaults.length < toldCells) {
      const like = own ? null : numberLike(text);
      const hint = like ? `it seems to be ${like.seems}: write ${like.write}` : writeNumber;
      keep(this.#numberFaults, { ...cell, ...(own ?? { fault: noNumber, hint }) });
    }
  }

  get missing(): number {
    return this.#missing;
  }

  get #present(): number {
    return this.#rows - this.#missing;
  }

  /** All cells are as many digits, and some begin with a zero. */
  get #isCode(): boolean {
    return this.#zeroFirst > 0 && typeof this.#digits === "number" && this.#numbers === this.#present;
  }

  /** Every cell that is there is a number, or at least half of them: then the texts are mistakes. Codes are none. */
  get isNumber(): boolean {
    return !this.asText && !this.#isCode && this.#numbers * 2 >= this.#present;
  }

  /** At least half of the cells are ISO dates, all with a time zone or all without. */
  get isDate(): boolean {
    return (
      !this.asText && this.#dates > 0 && this.#dates * 2 >= this.#present && (this.#zones === 0 || this.#zones === this.#dates)
    );
  }

  /** At least half of the cells are numbers, or numbers with something added. */
  get #isNumberLike(): boolean {
    if (this.asText || this.#judged === 0) return false;
    const likely = (this.#likeNumbers / this.#judged) * (this.#present - this.#numbers);
    return (this.#numbers + likely) * 2 >= this.#present && likely > 0;
  }

  /** The first cells that do not fit what most of the column is, and how many there are (null: not counted). */
  faults(): { cells: readonly CellFault[]; count: number | null } {
    if (this.isNumber && this.#zeroFirst > 0)
      return { cells: [...this.#codeFaults.slice(0, toldExamples), ...this.#numberFaults], count: null };
    if (this.isNumber) return { cells: this.#numberFaults, count: this.#present - this.#numbers };
    if (this.isDate) return { cells: this.#dateFaults, count: this.#present - this.#dates };
    if (this.#isNumberLike) return { cells: this.#numberLikes.slice(0, toldExamples), count: null };
    return { cells: [], count: 0 };
  }

  /** Whether a text stands among the cells. Of a column with more texts than a category column can have: false. */
  holds(text: string): boolean {
    return this.#codeOf.has(text);
  }

  /** Why the column is kept as it is and cannot be an input; null: it is a column of categories. */
  #unusable(): string | null {
    const texts = this.#codeOf.size;
    if (this.#judged > 0 && this.#likeDates * 10 >= this.#judged * 9)
      return this.#dates * 2 >= this.#present
        ? "dates of which some name a time zone and some do not"
        : "dates or times in another form than 2020-12-31 or 2020-12-31T18:00:00Z";
    const what = this.#isCode ? "codes (digits, some of which begin with a zero)" : "texts";
    if (this.#tooManyTexts) return `more than ${mostCategories.toLocaleString("en")} different ${what}`;
    if (!this.asText && texts > fewTexts && texts * 2 > this.#present)
      return `${texts} different ${what} in ${this.#present} rows`;
    return null;
  }

  /** `column` is null for texts that cannot be an input: trainers have no use for them. */
  finish(): { column: DatasetColumn | null; summary: ColumnSummary } {
    const none = { min: null, max: null, mean: null };
    const { name } = this;
    if (this.isNumber || this.isDate) {
      const type = this.isNumber ? "number" : "date";
      const values = this.#values.slice(0, this.#rows);
      const summary: ColumnSummary = { name, type, missing: this.#missing, ...figuresOf(values), categories: [] };
      return { column: { name, type, values, categories: [] }, summary };
    }
    const note = this.#unusable();
    if (note !== null)
      return { column: null, summary: { name, type: "text", missing: this.#missing, ...none, categories: [], note } };
    const categories = [...this.#codeOf.keys()];
    const values = Float64Array.from(this.#codes.subarray(0, this.#rows));
    const counted = categories.map((category, i) => ({ name: category, count: this.#counts[i] ?? 0 }));
    return {
      column: { name, type: "category", values, categories },
      summary: { name, type: "category", missing: this.#missing, ...none, categories: counted },
    };
  }

  /** Once there are too many, the texts would only fill the memory. */
  #code(text: string): number {
    if (this.#tooManyTexts) return -1;
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      if (this.#codeOf.size === mostCategories) {
        this.#tooManyTexts = true;
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

function keep(cells: CellFault[], cell: CellFault): void {
  if (cells.length < toldCells) cells.push(cell);
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
