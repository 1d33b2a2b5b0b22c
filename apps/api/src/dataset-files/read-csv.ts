import { datasetMaxValues, type DatasetColumn, type DatasetPreview, type DatasetVector, type Issue } from "@basin/contracts";
import type { DatasetFacts } from "@basin/database";
import { parse, CsvError } from "csv-parse";
import { Readable } from "node:stream";
import { InputError } from "../http/request-errors";
import { CsvColumn } from "./csv-column";
import { readDate } from "./csv-date";
import { checkHeader, delimiters, findDelimiter, holdsNumber, type CsvOptions, type DelimiterName } from "./csv-layout";
import { numberReader, type NumberFormat } from "./csv-number";
import { FoundIssues } from "./found-issues";
import { listedCategories, shortened } from "./listed-categories";
import { guardUtf8 } from "./utf8-guard";

export const previewRows = 20;
const previewColumns = 100;
/** A cell or line beyond this is an unclosed quote or no CSV at all. */
const longestRecord = 1024 * 1024;
const [quote, newline, carriageReturn] = [0x22, 0x0a, 0x0d];

/** What reading a file gave: everything but its name and hash. */
export interface ReadFile {
  facts: DatasetFacts;
  preview: DatasetPreview["preview"];
  columns: DatasetColumn[];
  arrays: { name: string; shape: number[]; values: DatasetVector }[];
}

interface CsvRecord {
  record: string[];
  info: { lines: number };
}

/** Reads CSV: UTF-8 with or without a byte order mark, any line ends, quotes as in RFC 4180. Throws InputError with all that is wrong. */
export async function readCsv(pieces: () => AsyncIterable<Buffer>, options: CsvOptions = {}): Promise<ReadFile> {
  const delimiter = options.delimiter ?? findDelimiter(await headOf(pieces())) ?? "comma";
  const parser = parse({
    delimiter: delimiters[delimiter],
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
  });
  const source = Readable.from(guardUtf8(pieces()));
  source.once("error", (error) => parser.destroy(error));
  source.pipe(parser);
  const table = new Table(delimiter, options);
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      table.add(record, line);
      line = info.lines + 1;
    }
  } catch (error) {
    throw error instanceof CsvError ? new InputError([await csvIssue(error, pieces())]) : error;
  } finally {
    source.destroy();
  }
  return table.finish();
}

async function headOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  for await (const piece of pieces) return piece.toString("utf8");
  return "";
}

async function csvIssue(error: CsvError, pieces: AsyncIterable<Buffer>): Promise<Issue> {
  const open = await openQuoteLine(pieces);
  const ended = error.code === "CSV_QUOTE_NOT_CLOSED" || error.code === "CSV_MAX_RECORD_SIZE";
  if (ended && open !== null)
    return {
      path: `line ${open}`,
      message: `line ${open}: a quote is opened and never closed`,
      hint: 'close it, or leave it out; inside quotes, write " as ""',
    };
  const path = typeof error.lines === "number" ? `line ${error.lines}` : "";
  const where = path === "" ? "" : `${path}: `;
  if (error.code === "CSV_MAX_RECORD_SIZE")
    return { path, message: `${where}a line is longer than 1 MB`, hint: "is this no CSV file?" };
  if (error.code === "INVALID_OPENING_QUOTE" || error.code === "CSV_INVALID_CLOSING_QUOTE")
    return {
      path,
      message: `${where}a quote stands in the middle of a cell`,
      hint: 'put the whole cell in quotes and write " as ""',
    };
  return { path, message: `${where}cannot be read: ${error.message.slice(0, 200)}` };
}

/** The line, from 1, on which the quote was opened inside which a file ends; null when it ends outside of quotes. */
async function openQuoteLine(pieces: AsyncIterable<Buffer>): Promise<number | null> {
  let line = 1;
  let opened: number | null = null;
  let last = 0;
  for await (const piece of pieces) {
    for (const byte of piece) {
      if (byte === quote) opened = opened === null ? line : null;
      if (byte === newline || (last === carriageReturn && byte !== newline)) line += 1;
      last = byte;
    }
  }
  return opened;
}

/** Rows as they come. */
class Table {
  #columns: CsvColumn[] | null = null;
  #rows = 0;
  readonly #issues = new FoundIssues();
  readonly #first: string[][] = [];
  readonly #missing: { row: number; column: string }[] = [];
  readonly #format: NumberFormat;

  constructor(
    private readonly delimiter: DelimiterName,
    private readonly options: CsvOptions,
  ) {
    this.#format = { decimal: options.decimal ?? null, thousands: options.thousands ?? null };
  }

  add(record: readonly string[], line: number): void {
    if (!this.#columns) {
      this.#columns = this.#open(record.map((name) => name.trim()));
      return;
    }
    const row = ++this.#rows;
    const width = this.#columns.length;
    if (row * width > datasetMaxValues)
      throw new InputError([
        { path: "", message: `the table has more than ${datasetMaxValues} values`, hint: "leave out columns or rows" },
      ]);
    if (record.length !== width) {
      this.#issues.add("rows of another length", {
        path: `rows[${row}]`,
        message: `row ${row} (line ${line}) has ${record.length} cells; the header has ${width} columns`,
        hint:
          record.length > width && this.delimiter === "comma"
            ? "with decimal commas, separate the columns with semicolons; put cells that hold a comma in quotes"
            : "every row needs a cell for each column; leave it empty when the value is missing",
      });
      return;
    }
    this.#columns.forEach((column, i) => {
      const kind = column.add(record[i] ?? "", line);
      if (kind === "missing" && this.#missing.length < 20) this.#missing.push({ row, column: column.name });
    });
    if (row <= previewRows) this.#first.push([...record]);
  }

  #open(names: readonly string[]): CsvColumn[] {
    const { texts = [] } = this.options;
    const unknown = texts.filter((name) => !names.includes(name));
    const issues = checkHeader(names, this.delimiter);
    for (const name of unknown)
      issues.push({
        path: "texts",
        message: `the file has no column ${JSON.stringify(name.slice(0, 80))} to read as texts`,
        hint: `it has ${names.slice(0, 30).join(", ")}`,
      });
    if (issues.length > 0) throw new InputError(issues);
    const read = numberReader(this.#format);
    return names.map((name) => new CsvColumn(name, read, texts.includes(name)));
  }

  finish(): ReadFile {
    const columns = this.#columns;
    if (!columns) throw new InputError([{ path: "", message: "the file is empty", hint: "the first line names the columns" }]);
    if (this.#rows === 0)
      throw new InputError([{ path: "", message: "the file has a header and no rows", hint: "every further line is a row" }]);
    for (const column of columns) this.#checkCells(column);
    const decimal = this.#checkSigns(columns);
    this.#checkNames(columns);
    if (this.#issues.any) throw new InputError(this.#issues.list());
    const finished = columns.map((column) => column.finish());
    const preview = this.#first.map((cells, row) =>
      finished.slice(0, previewColumns).map(({ column, summary }, i) => {
        if (column?.type === "number") {
          const value = column.values[row] ?? Number.NaN;
          return Number.isFinite(value) ? value : null;
        }
        if (column?.type === "category") {
          const category = column.categories[column.values[row] ?? -1];
          return category === undefined ? null : shortened(category);
        }
        const text = cells[i]?.trim() ?? "";
        return text === "" || (summary.type === "date" && Number.isNaN(column?.values[row])) ? null : shortened(text);
      }),
    );
    return {
      facts: {
        format: "csv",
        rows: this.#rows,
        delimiter: this.delimiter,
        decimal,
        thousands: this.#format.thousands,
        columns: listedCategories(finished.map(({ summary }) => summary)),
        arrays: [],
        missing: { count: columns.reduce((sum, column) => sum + column.missing, 0), first: this.#missing },
      },
      preview,
      columns: finished.flatMap(({ column }) => column ?? []),
      arrays: [],
    };
  }

  /** Notes cells that do not fit their column. */
  #checkCells(column: CsvColumn): void {
    const name = JSON.stringify(column.name.slice(0, 80));
    if (column.missing === this.#rows)
      this.#issues.add("columns without a value", {
        path: `columns.${column.name}`,
        message: `column ${name} has no value`,
        hint: "leave this column out",
      });
    const { cells, count } = column.faults();
    cells.forEach(({ row, line, text, fault, hint }, i) => {
      const more = i === 0 && count !== null && count > cells.length ? ` (${count} such cells in this column)` : "";
      this.#issues.add(`cells of column ${name}`, {
        path: `rows[${row}].${column.name}`,
        message: `row ${row} (line ${line}), column ${name}: ${JSON.stringify(text.slice(0, 60))} ${fault}${more}`,
        hint:
          count === null
            ? `${hint}; or, at the upload, have the column read as texts (texts: ${column.name.slice(0, 80)})`
            : hint,
      });
    });
  }

  /**
   * Notes numbers whose sign may be a decimal sign or a thousands separator: nothing but the person knows whether 1,234 is about one
   * or above a thousand. A point in a file cut at commas or tabs is taken for decimal. Returns the decimal sign of the file.
   */
  #checkSigns(columns: readonly CsvColumn[]): "." | "," {
    const numeric = columns.filter((column) => column.isNumber);
    const first = (sign: "." | ",", kind: "sure" | "grouped") => {
      const column = numeric.find(({ signs }) => signs[sign][kind] !== null);
      const cell = column?.signs[sign][kind];
      return column && cell
        ? { ...cell, name: column.name, said: `row ${cell.row} (line ${cell.line}), column ${JSON.stringify(column.name)}` }
        : null;
    };
    const comma = first(",", "sure") ?? first(",", "grouped");
    const point = first(".", "sure") ?? first(".", "grouped");
    if (comma && point) {
      this.#issues.add("decimal signs", {
        path: `rows[${comma.row}].${comma.name}`,
        message: `${comma.said} has a decimal comma (${comma.text}), but row ${point.row} (line ${point.line}), column ${JSON.stringify(point.name)} a decimal point (${point.text})`,
        hint: "use one of them in the whole file; if one separates thousands, say so at the upload (thousands: comma or point)",
      });
      return ".";
    }
    for (const sign of [",", "."] as const) {
      const doubtful = first(sign, "grouped");
      if (!doubtful || first(sign, "sure") || this.#format.decimal !== null || this.#format.thousands !== null) continue;
      if (sign === "." && this.delimiter !== "semicolon") continue;
      const word = sign === "," ? "comma" : "point";
      const digits = doubtful.text.replace(sign, "");
      this.#issues.add("thousands separators", {
        path: `rows[${doubtful.row}].${doubtful.name}`,
        message: `${doubtful.said}: ${JSON.stringify(doubtful.text)} is either ${digits} with a thousands separator or ${doubtful.text.replace(",", ".")} with a decimal ${word}`,
        hint: `write ${digits} or use a decimal point; or say at the upload which it is (thousands: ${word}, or decimal: ${word})`,
      });
    }
    return this.#format.decimal ?? (comma ? "," : ".");
  }

  /** A first line that is a row: a date over dates, or a name that occurs below it, beside names that are numbers or in every column. */
  #checkNames(columns: readonly CsvColumn[]): void {
    const dated = columns.find(({ isDate, name }) => isDate && readDate(name) !== null);
    const repeated = columns.filter((column) => !column.isNumber && !column.isDate && column.holds(column.name));
    const beside = columns.some(({ name }) => holdsNumber(name)) || repeated.length === columns.length;
    const row = dated ?? (beside ? repeated[0] : undefined);
    if (!row) return;
    this.#issues.add("names", {
      path: "header",
      message: `the first line seems to be a row, not the names of the columns: ${JSON.stringify(row.name)} is like what stands below it`,
      hint: "put a line with a name for each column on top",
    });
  }
}
