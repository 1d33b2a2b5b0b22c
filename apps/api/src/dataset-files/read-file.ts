import { InputError } from "../http/request-errors";
import { delimiters, type CsvOptions } from "./csv-layout";
import { readCsv, type ReadFile } from "./read-csv";
import { readNpz } from "./read-npz";

/** Reads an uploaded file by what its name says it is. Throws InputError with all that is wrong. */
export async function readFile(name: string, pieces: () => AsyncIterable<Buffer>, options: CsvOptions): Promise<ReadFile> {
  const extension = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (extension === "npz") {
    const [given] = Object.keys(options);
    if (given === undefined) return readNpz(pieces);
    throw new InputError([{ path: given, message: `an NPZ file has no ${given}`, hint: "leave it out" }]);
  }
  if (["csv", "tsv", "txt"].includes(extension)) return readCsv(pieces, options);
  const known = `.csv, .tsv or .txt (text with ${Object.keys(delimiters).join(", ")}) or .npz (numpy arrays)`;
  throw new InputError([
    { path: "name", message: `"${name.slice(0, 80)}" does not say which format it has`, hint: `the name ends in ${known}` },
  ]);
}
