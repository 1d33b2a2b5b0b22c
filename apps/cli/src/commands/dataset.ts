import { DatasetId, type Dataset, type DatasetPreview } from "@basin/contracts";
import { call } from "../api-calls";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { apiOrigin } from "../settings";
import { confirmed } from "../terminal/confirm";
import { figure } from "../terminal/number-format";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { uploadFile, type UploadFlags } from "../upload-file";
import type { JsonFlag } from "./sweep";

const shownColumns = 12;
const shownCategories = 5;

export async function add(file: string, { json, ...options }: JsonFlag & UploadFlags): Promise<void> {
  const output = new Output(json ?? false);
  const dataset = await uploadFile(apiOrigin(), file, options);
  output.result(dataset, () => [
    ...summaryLines(dataset, output),
    "",
    `Name it in a sweep:  dataset: ${dataset.id.slice(0, 12)}`,
  ]);
}

export async function list(flags: JsonFlag & { limit: number }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const answer = await call(apiOrigin(), "listDatasets", { query: { limit: flags.limit } });
  const { dim } = styleFor(output.people);
  output.result(answer.items, () =>
    answer.items.length === 0
      ? ["no dataset yet: basin dataset add FILE"]
      : [
          ...tableLines(
            [
              { title: "id" },
              { title: "name" },
              { title: "format" },
              { title: "rows", align: "right" },
              { title: "columns", align: "right" },
              { title: "missing", align: "right" },
            ],
            answer.items.map((one) => [
              one.id.slice(0, 12),
              one.name,
              one.format,
              String(one.rows),
              String(one.fields),
              String(one.missing),
            ]),
            { titleStyle: dim },
          ),
          ...(answer.next === null ? [] : ["… more: --limit"]),
        ],
  );
}

export async function show(id: string, flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const dataset = await call(apiOrigin(), "getDataset", { params: { dataset: await datasetId(id) } });
  output.result(dataset, () => [...summaryLines(dataset, output), "", ...previewLines(dataset, output)]);
}

export async function remove(id: string, flags: JsonFlag & { yes?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const dataset = await datasetId(id);
  await confirmed(`Put the dataset ${dataset.slice(0, 12)} into the bin?`, flags);
  const answer = await call(apiOrigin(), "deleteDataset", { params: { dataset } });
  output.result(answer, () => [`${answer.deleted} is in the bin: basin dataset restore ${answer.deleted}`]);
}

export async function restore(id: string, flags: JsonFlag): Promise<void> {
  const output = new Output(flags.json ?? false);
  const dataset = DatasetId.safeParse(id);
  if (!dataset.success) throw new CommandFailed(exitCodes.badInput, `"${id}" is no whole id of a dataset: see basin bin`);
  const answer = await call(apiOrigin(), "restoreDataset", { params: { dataset: dataset.data } });
  output.result(answer, () => summaryLines(answer, output));
}

/** A whole id, or the one that begins with these digits. */
async function datasetId(text: string): Promise<DatasetId> {
  const whole = DatasetId.safeParse(text);
  if (whole.success) return whole.data;
  if (!/^[0-9a-f]{4,63}$/.test(text))
    throw new CommandFailed(
      exitCodes.badInput,
      `"${text}" is no dataset: an id has 64 hexadecimal digits, of which the first 4 or more suffice`,
    );
  const { items, total } = await call(apiOrigin(), "listDatasets", { query: { id: text, limit: 1 } });
  const [only] = items;
  if (!only || total !== 1) {
    throw new CommandFailed(exitCodes.badInput, `${only ? `${total} datasets begin` : "no dataset begins"} with ${text}`);
  }
  return only.id;
}

const andMore = (count: number): string => (count > 0 ? ` and ${count} more` : "");

function summaryLines(dataset: Dataset, output: Output): string[] {
  const { bold, dim } = styleFor(output.people);
  const number = (value: number | null): string => (value === null ? "" : figure(value, 5));
  const rows = [
    ...dataset.columns.map((column) => [
      column.name,
      column.type,
      ...[column.min, column.max, column.mean].map(column.type === "date" ? dateOf : number),
      String(column.missing),
      column.note ??
        column.categories
          .slice(0, shownCategories)
          .map(({ name, count }) => `${name} (${count})`)
          .join(", ") + andMore(column.categories.length - shownCategories + (column.categoriesLeftOut ?? 0)),
    ]),
    ...dataset.arrays.map((array) => [
      array.name,
      `${array.dtype} [${array.shape.join(", ")}]`,
      number(array.min),
      number(array.max),
      number(array.mean),
      String(array.missing),
      "",
    ]),
  ];
  const titles = ["name", "type", "min", "max", "mean", "missing", "categories, or why it is no input"];
  const numeric = new Set(["min", "max", "mean", "missing"]);
  const where = dataset.missing.first.map(({ row, column }) => `row ${row} ${column}`).join(", ");
  const rest = dataset.missing.count - dataset.missing.first.length;
  return [
    `${bold(dataset.name)}  ${dataset.rows} rows  ${dim(dataset.id)}`,
    "",
    ...tableLines(
      titles.map((title) => ({ title, ...(numeric.has(title) ? { align: "right" as const } : {}) })),
      rows,
      { titleStyle: dim },
    ),
    ...(dataset.missing.count === 0 ? [] : ["", `missing values: ${where}${rest > 0 ? ` and ${rest} more` : ""}`]),
  ];
}

/** Seconds since 1970 as an ISO date, with the time of day where there is one. */
function dateOf(seconds: number | null): string {
  return seconds === null ? "" : new Date(seconds * 1000).toISOString().replace(/T00:00:00\.000Z$|\.\d+Z$/, "");
}

function previewLines(dataset: DatasetPreview, output: Output): string[] {
  const { dim } = styleFor(output.people);
  const width = Math.min(shownColumns, dataset.preview[0]?.length ?? 0);
  const titles = Array.from({ length: width }, (_, i) => dataset.columns[i]?.name ?? `[${i}]`);
  const cells = dataset.preview.map((row) =>
    row.slice(0, width).map((value) => (value === null ? "" : typeof value === "number" ? figure(value, 6) : value)),
  );
  return tableLines(
    titles.map((title, i) => ({
      title,
      ...(dataset.columns[i]?.type !== "number" && dataset.format === "csv" ? {} : { align: "right" as const }),
    })),
    cells,
    { titleStyle: dim },
  );
}
