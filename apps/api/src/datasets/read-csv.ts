import { datasetMaxValues, type DatasetColumn, type DatasetPreview, type DatasetVector, type Issue } from "@basin/contracts";
import type { DatasetFacts } from "@basin/database";
import { parse, CsvError } from "csv-parse";
import { Readable } from "node:stream";
import { InputError } from "../http/request-errors";
import { CsvColumn } from "./csv-column";
import { checkHeader, delimiters, findDelimiter, type DelimiterName } from "./csv-layout";
import { FoundIssues } from "./found-issues";
import { guardUtf8 } from "./utf8-guard";

export const previewRows = 20;
/** A cell or line beyond this is an unclosed quote or no CSV at all. */
const longestRecord = 1024 * 1024;

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
export async function readCsv(pieces: () => AsyncIterable<Buffer>, wanted: DelimiterName | undefined): Promise<ReadFile> {
  const delimiter = wanted ?? findDelimiter(await headOf(pieces())) ?? "comma";
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
  const table = new Table(delimiter);
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) table.add(record, info.lines);
  } catch (error) {
    throw error instanceof CsvError ? new InputError([csvIssue(error)]) : error;
  } finally {
    source.destroy();
  }
  return table.finish();
}

async function headOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  for await (const piece of pieces) return piece.toString("utf8");
  return "";
}

function csvIssue(error: CsvError): Issue {
  const line = typeof error.lines === "number" ? `line ${error.lines}` : "";
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return { path: line, message: "a quote is opened and never closed", hint: 'inside quotes, write " as ""' };
  if (error.code === "CSV_MAX_RECORD_SIZE")
    return { path: line, message: "a line is longer than 1 MB", hint: "is a quote never closed, or is this no CSV file?" };
  if (error.code === "INVALID_OPENING_QUOTE" || error.code === "CSV_INVALID_CLOSING_QUOTE")
    return {
      path: line,
      message: "a quote stands in the middle of a cell",
      hint: 'put the whole cell in quotes and write " as ""',
    };
  return { path: line, message: `cannot be read: ${error.message.slice(0, 200)}` };
}

/** Rows as they come. */
class Table {
  #columns: CsvColumn[] | null = null;
  #rows = 0;
  readonly #issues = new FoundIssues();
  readonly #first: string[][] = [];
  readonly #missing: { row: number; column: string }[] = [];

  constructor(private readonly delimiter: DelimiterName) {}

  add(record: readonly string[], line: number): void {
    if (!this.#columns) {
      const names = record.map((name) => name.trim());
      const issues = checkHeader(names, this.delimiter);
      if (issues.length > 0) throw new InputError(issues);
      this.#columns = names.map((name) => new CsvColumn(name));
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
      const kind = column.add(record[i] ?? "");
      if (kind === "missing" && this.#missing.length < 20) this.#missing.push({ row, column: column.name });
    });
    if (row <= previewRows) this.#first.push([...record]);
  }

  finish(): ReadFile {
    const columns = this.#columns;
    if (!columns) throw new InputError([{ path: "", message: "the file is empty", hint: "the first line names the columns" }]);
    if (this.#rows === 0) throw new InputError([{ path: "", message: "the file has a header and no rows" }]);
    const decimal = this.#checkCells(columns);
    if (this.#issues.any) throw new InputError(this.#issues.list());
    const finished = columns.map((column) => column.finish());
    const preview = this.#first.map((_, row) =>
      finished.map(({ column }) => {
        const value = column.values[row] ?? Number.NaN;
        if (column.type === "number") return Number.isFinite(value) ? value : null;
        return column.categories[value] ?? null;
      }),
    );
    return {
      facts: {
        format: "csv",
        rows: this.#rows,
        delimiter: this.delimiter,
        decimal,
        columns: finished.map(({ summary }) => summary),
        arrays: [],
        missing: { count: columns.reduce((sum, column) => sum + column.missing, 0), first: this.#missing },
      },
      preview,
      columns: finished.map(({ column }) => column),
      arrays: [],
    };
  }

  /** Notes cells that do not fit their columns; returns the decimal sign of the file. */
  #checkCells(columns: readonly CsvColumn[]): "." | "," {
    const numeric = columns.filter((column) => column.isNumber);
    for (const column of columns) {
      const name = JSON.stringify(column.name.slice(0, 80));
      if (column.missing === this.#rows)
        this.#issues.add("columns without a value", { path: `columns.${column.name}`, message: `column ${name} has no value` });
      if (column.tooManyCategories)
        this.#issues.add("text columns", {
          path: `columns.${column.name}`,
          message: `column ${name} holds text with more than 1,000 different values`,
          hint: "a category column has few values; leave this column out",
        });
      if (!column.isNumber) continue;
      column.texts.forEach(({ row, text }, i) =>
        this.#issues.add(`texts in the number column ${name}`, {
          path: `rows[${row}].${column.name}`,
          message: `row ${row}, column ${name}: ${JSON.stringify(text.slice(0, 60))} is no number${
            i === 0 && column.textCount > column.texts.length ? ` (${column.textCount} such cells in this column)` : ""
          }`,
          hint: "write a number like -1.5e3, or leave the cell empty when the value is missing",
        }),
      );
    }
    const comma = numeric.find((column) => column.commaRow > 0);
    const point = numeric.find((column) => column.pointRow > 0);
    if (comma && point)
      this.#issues.add("decimal signs", {
        path: `rows[${comma.commaRow}].${comma.name}`,
        message: `row ${comma.commaRow}, column ${JSON.stringify(comma.name)} has a decimal comma, but row ${point.pointRow}, column ${JSON.stringify(point.name)} a decimal point`,
        hint: "use one of them in the whole file, and no thousands separators",
      });
    return comma && !point ? "," : ".";
  }
}
