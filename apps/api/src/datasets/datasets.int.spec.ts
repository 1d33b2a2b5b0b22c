import { DatasetId, unpackDataset, type Dataset, type DatasetPreview, type Issue } from "@basin/contracts";
import { BinRepository, DatasetsRepository } from "@basin/database";
import { strToU8, zipSync } from "fflate";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createDeflateRaw } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { health } from "../http/health-watch.testing";
import { startHarness, type Harness } from "../http/http-harness.testing";

let api: Harness;
const environment = process.env["TMPDIR"];
/** Where nothing but these uploads is. */
let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "basin-datasets-"));
  process.env["TMPDIR"] = folder;
  api = await startHarness();
});
afterAll(async () => {
  await api.stop();
  if (environment === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = environment;
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await api.sql("DELETE FROM dataset");
});

interface Outcome {
  status: number;
  dataset: Dataset;
  error: { code: string; message: string; issues: Issue[] };
}

async function upload(name: string, content: string | Uint8Array, options: Record<string, string> = {}): Promise<Outcome> {
  const query = new URLSearchParams({ name, ...options });
  const response = await api.app.inject({
    method: "POST",
    url: `/api/v1/datasets?${query}`,
    headers: { "content-type": "application/octet-stream" },
    payload: Buffer.from(content),
  });
  const body = JSON.parse(response.body) as Dataset & { error: Outcome["error"] };
  return { status: response.statusCode, dataset: body, error: body.error };
}

/** What is stored after a refused upload must be nothing, on disk as in the database. */
async function expectNothingStored(): Promise<void> {
  const rows = await api.sql("SELECT (SELECT count(*) FROM dataset) + (SELECT count(*) FROM dataset_part) AS n");
  expect(Number(rows[0]?.["n"])).toBe(0);
  expect(readdirSync(folder).filter((name) => name.startsWith("basin-upload-"))).toEqual([]);
}

async function expectRefused(name: string, content: string | Uint8Array, options?: Record<string, string>): Promise<Issue[]> {
  const { status, error } = await upload(name, content, options);
  expect({ status, code: error.code }).toEqual({ status: 400, code: "invalid" });
  await expectNothingStored();
  return error.issues;
}

/** The same while other datasets are there. */
async function expectRefusedNow(name: string, content: string, options: Record<string, string>): Promise<Issue[]> {
  const { status, error } = await upload(name, content, options);
  expect({ status, code: error.code }).toEqual({ status: 400, code: "invalid" });
  return error.issues;
}

const good = "x,y,kind\n1,2.5,a\n-3e2,,b\n4,1,a\n";

/** NPY version 1 with a header as numpy writes it. */
function npy(descr: string, shape: number[], data: Uint8Array, order = "False"): Uint8Array {
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }`;
  const header = strToU8(`${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`);
  const file = new Uint8Array(10 + header.length + data.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  file.set(header, 10);
  file.set(data, 10 + header.length);
  return file;
}
const float64 = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

describe("a good CSV file", () => {
  it("is stored with typed columns, figures, missing values by row and column, and its first rows", async () => {
    const { status, dataset } = await upload("first.csv", good);
    expect(status).toBe(201);
    expect(dataset).toMatchObject({
      id: createHash("sha256").update(good).digest("hex"),
      name: "first.csv",
      rows: 3,
      delimiter: "comma",
      decimal: ".",
      columns: [
        { name: "x", type: "number", missing: 0, min: -300, max: 4 },
        { name: "y", type: "number", missing: 1, min: 1, max: 2.5, mean: 1.75 },
        {
          name: "kind",
          type: "category",
          categories: [
            { name: "a", count: 2 },
            { name: "b", count: 1 },
          ],
        },
      ],
      missing: { count: 1, first: [{ row: 2, column: "y" }] },
    });
    const shown = await api.call("getDataset", { params: { dataset: dataset.id } });
    expect((shown.json as DatasetPreview).preview).toEqual([
      [1, 2.5, "a"],
      [-300, null, "b"],
      [4, 1, "a"],
    ]);
    const file = await api.call("getDatasetFile", { params: { dataset: dataset.id } });
    expect(file.text).toBe(good);
  });

  it("reaches trainers as one file with the hash that is told, whatever its size", async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i / 7},${i % 5}`);
    const { dataset } = await upload("large.csv", `t,n\n${rows.join("\n")}\n`);
    const repository = new DatasetsRepository(api.database);
    const parts: Buffer[] = [];
    let told = { sha256: "", parts: 1 };
    for (let part = 0; part < told.parts; part++) {
      const answer = await repository.fetch(dataset.id, part);
      if (!answer) throw new Error("the dataset is gone");
      told = answer;
      parts.push(answer.content);
    }
    expect(told.parts).toBeGreaterThan(1);
    const content = Buffer.concat(parts);
    expect(createHash("sha256").update(content).digest("hex")).toBe(told.sha256);
    const unpacked = unpackDataset(content);
    expect(unpacked.columns[0]?.values[59_999]).toBe(59_999 / 7);
    expect(unpacked.columns[1]?.values[59_998]).toBe(3);
  });

  it("is the same dataset when it is uploaded twice, at once or later", async () => {
    const twice = await Promise.all([upload("a.csv", good), upload("b.csv", good)]);
    expect(new Set(twice.map(({ dataset }) => dataset.id)).size).toBe(1);
    expect((await upload("c.csv", good)).status).toBe(200);
    expect(await api.sql("SELECT id FROM dataset")).toHaveLength(1);
  });

  it.each([
    ["a byte order mark", `\uFEFF${good}`],
    ["CRLF", good.replaceAll("\n", "\r\n")],
    ["no line end at the end", good.trimEnd()],
    ["semicolons", good.replaceAll(",", ";")],
    ["tabs", good.replaceAll(",", "\t")],
    ["decimal commas", good.replaceAll(",", ";").replace("2.5", "2,5")],
    ["quotes", good.replace("a\n", '"a"\n').replace("x,", '"x",')],
  ])("is read with %s", async (_, text) => {
    const { status, dataset } = await upload("same.csv", text);
    expect(status).toBe(201);
    expect(dataset.columns.map(({ name, max, categories }) => [name, max, categories.length])).toEqual([
      ["x", 4, 0],
      ["y", 2.5, 0],
      ["kind", null, 2],
    ]);
  });
});

describe("a bad CSV file is refused, told where it is wrong, and not stored", () => {
  it("ragged rows", async () => {
    const issues = await expectRefused("x.csv", "a,b\n1,2\n3\n4,5,6\n");
    expect(issues.map(({ path }) => path)).toEqual(["rows[2]", "rows[3]"]);
    expect(issues[0]?.message).toBe("row 2 (line 3) has 1 cells; the header has 2 columns");
  });

  it("text in a number column, with its row and column, the first 20 and how many", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? `${i},oops${i}` : `${i},${i}`));
    const issues = await expectRefused("x.csv", `a,price\n${rows.join("\n")}\n`);
    expect(issues[1]).toMatchObject({ path: "rows[4].price", message: 'row 4 (line 5), column "price": "oops3" is no number' });
    expect(issues[0]?.message).toContain("34 such cells");
    expect(issues).toHaveLength(20);
  });

  it.each([
    ["an empty file", "", /empty/],
    ["blank lines only", "\n\n", /empty/],
    ["a header only", "a,b\n", /no rows/],
    ["duplicate names", "a,b,a\n1,2,3\n", /columns 1 and 3 have the same name "a"/],
    ["an empty name", "a,,c\n1,2,3\n", /column 2 has no name/],
    ["no header", "1,2\n3,4\n", /numbers only/],
    ["decimal commas between commas", "a,b\n1,5,2,5\n1,2,2\n", /row 1 \(line 2\) has 4 cells/],
    ["both decimal signs", 'a;b\n"1,5";2.5\n', /decimal comma.*decimal point/],
    ["pipes", "a|b\n1|2\n", /no delimiter/],
    ["an open quote", 'a,b\n"1,2\n3,4\n', /never closed/],
    ["a column without a value", "a,b\n1,\n2,NaN\n", /"b" has no value/],
    ["infinity", "a,b\n1,2\ninf,3\n4,5\n", /row 2 \(line 3\), column "a": "inf" is no number/],
    ["an open quote further down", 'a,b\n1,2\n\n3,"4\n5,6\n', /line 4: a quote is opened and never closed/],
    ["an open quote in a large file", `a,b\n1,"2\n${"3,4\n".repeat(300_000)}`, /line 2: a quote is opened and never closed/],
  ])("%s", async (_, text, message) => {
    const issues = await expectRefused("x.csv", text);
    expect(issues.map((issue) => issue.message).join("\n")).toMatch(message);
  });

  it("the wrong delimiter", async () => {
    const [issue] = await expectRefused("x.csv", "a;b\n1;2\n", { delimiter: "comma" });
    expect(issue).toMatchObject({ path: "delimiter", hint: "the delimiter seems to be semicolon" });
  });

  it("what is not UTF-8, with its line", async () => {
    const [latin1] = await expectRefused("x.csv", Buffer.from("name,v\nok,1\nMüller,2\n", "latin1"));
    expect(latin1).toMatchObject({ path: "line 3", hint: "save it as UTF-8" });
    const [utf16] = await expectRefused("x.csv", Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"));
    expect(utf16?.message).toContain("UTF-16");
  });

  it("a name that tells no format", async () => {
    expect((await expectRefused("table.xlsx", good))[0]?.path).toBe("name");
  });
});

const rowsOf = (header: string, row: (i: number) => string, count = 30): string =>
  `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join("\n")}\n`;

describe("numbers with something added", () => {
  it.each([
    [
      "thousands between commas",
      'income,age\n"1,234",20\n"12,345",40\n',
      /row 1 \(line 2\), column "income": "1,234" is either 1234 .* or 1\.234/,
      /thousands: comma/,
    ],
    [
      "thousands between semicolons",
      "n;y\n1.234;1\n12.345;2\n",
      /"1.234" is either 1234 .* or 1.234 with a decimal point/,
      /decimal: point/,
    ],
    [
      "commas of three digits between semicolons",
      "n;y\n1,234;1\n",
      /is either 1234 with a thousands separator or 1.234/,
      /decimal: comma/,
    ],
    [
      "thousands and decimals",
      rowsOf("income;age", (i) => `${i + 1}.234,50;20`),
      /"1.234,50" is no number: it seems to be a number with thousands/,
      /thousands: /,
    ],
    [
      "percent",
      rowsOf("rate,y", (i) => `${i}%,1`, 2),
      /column "rate": "0%" is no number: it seems to be a percentage/,
      /without the sign/,
    ],
    ["currency", rowsOf("price,y", (i) => `€${i}.5,1`), /an amount of money/, /texts: price/],
    ["a program's print", rowsOf("x,y", (i) => `np.float64(1.${i}),1`), /a number as a program prints it/, /the number alone/],
    ["hexadecimal", rowsOf("x,y", (i) => `0x${i.toString(16)},1`), /hexadecimal/, /decimal digits/],
    ["infinity", rowsOf("x,y", () => "inf,1"), /infinity/, /finite/],
    ["units", rowsOf("x,y", (i) => `${i} kg,1`), /a number with a unit/, /in the column's name/],
    [
      "large integers",
      rowsOf("id,y", (i) => `${9007199254740993n + BigInt(2 * i)},1`),
      /row 1 \(line 2\).*would become 9007199254740992/,
      /2\^53/,
    ],
    ["both signs", 'a,b\n"1,234",0.5\n', /decimal comma \(1,234\).*decimal point \(0.5\)/, /thousands: comma/],
  ])("%s are refused with what to write", async (_, text, message, hint) => {
    const [issue] = await expectRefused("x.csv", text);
    expect(issue?.message).toMatch(message);
    expect(issue?.hint).toMatch(hint);
  });

  it("are read as the upload says they are to be", async () => {
    const text = 'income,zip\n"1,234",01234\n"12,345",99\n';
    const english = await upload("a.csv", text, { thousands: "comma", texts: '["zip"]' });
    expect(english.dataset).toMatchObject({
      decimal: ".",
      thousands: ",",
      columns: [
        { type: "number", min: 1234, max: 12_345 },
        { type: "category", categories: [{ name: "01234" }, { name: "99" }] },
      ],
    });
    // What begins with a zero is no number among numbers: nobody is to find 1234 in the place of 01234.
    expect((await expectRefusedNow("z.csv", "zip\n01234\n99\n", {}))[0]).toMatchObject({ path: "rows[1].zip" });
    const other = await upload("a.csv", text, { decimal: "comma", texts: '["zip"]' });
    expect([other.status, other.error.message]).toEqual([409, expect.stringContaining("read with the decimal sign .")]);
    await api.sql("DELETE FROM dataset");
    const german = await upload("a.csv", text, { decimal: "comma", texts: '["zip"]' });
    expect(german.dataset).toMatchObject({
      decimal: ",",
      thousands: null,
      columns: [{ min: 1.234, max: 12.345 }, { type: "category" }],
    });
    const swiss = await upload("b.csv", "x;y\n1'234.5;1 000\n", { thousands: "apostrophe", texts: '["y"]' });
    expect(swiss.dataset.columns[0]).toMatchObject({ type: "number", max: 1234.5 });
    expect((await expectRefusedNow("c.csv", "a,b\n1,2\n", { texts: '["c"]' }))[0]).toMatchObject({
      path: "texts",
      hint: "it has a, b",
    });
  });

  it("whole numbers that begin with a zero are codes: categories where all cells have as many digits, else asked for", async () => {
    const zips = ["01000", "98101", "10001", "00501"];
    const codes = await upload(
      "codes.csv",
      rowsOf("zip,y", (i) => `${zips[i % 4]},${i}`),
    );
    // pandas.read_csv(dtype=str).zip.unique(); without dtype it has 1000 and 501.
    expect(codes.dataset.columns).toMatchObject([
      { name: "zip", type: "category", categories: zips.map((name) => expect.objectContaining({ name }) as object) },
      { name: "y", type: "number" },
    ]);
    const missing = await upload(
      "m.csv",
      rowsOf("zip,y", (i) => `${i % 5 === 4 ? "" : zips[i % 4]},${i}`),
    );
    expect(missing.dataset.columns[0]).toMatchObject({ type: "category", missing: 6 });
    const own = await upload(
      "own.csv",
      rowsOf("id,y", (i) => `${String(i).padStart(3, "0")},${i}`),
    );
    expect(own.dataset.columns[0]).toMatchObject({
      type: "text",
      note: "30 different codes (digits, some of which begin with a zero) in 30 rows",
    });
    const some = await expectRefusedNow(
      "some.csv",
      rowsOf("x,y", (i) => `${i === 7 ? "007" : i},${i}`),
      {},
    );
    expect(some).toMatchObject([
      {
        path: "rows[8].x",
        message: expect.stringContaining('"007" begins with a zero, so it seems to be a code') as string,
        hint: "write 7 if it is a number; or, at the upload, have the column read as texts (texts: x)",
      },
    ]);
    const asTexts = await upload(
      "some.csv",
      rowsOf("x,y", (i) => `${i % 3 === 0 ? "007" : "12"},${i}`),
      { texts: '["x"]' },
    );
    expect(asTexts.dataset.columns[0]).toMatchObject({ type: "category" });
    // Numbers all of them: a lone zero, decimals, signs, exponents.
    const numbers = await upload(
      "n.csv",
      rowsOf("a,b,c", (i) => `${i % 2},0${i % 10}.5,${i % 2 === 0 ? "-01" : "0e1"}`),
    );
    expect(numbers.dataset.columns.map(({ type }) => type)).toEqual(["number", "number", "number"]);
  });

  it("a decimal comma of which one has not three digits is one in the whole file", async () => {
    const { dataset } = await upload("x.csv", "a;b\n1,234;0,5\n12,345;2\n");
    expect(dataset).toMatchObject({
      decimal: ",",
      columns: [
        { min: 1.234, max: 12.345 },
        { min: 0.5, max: 2 },
      ],
    });
    const points = await upload("y.csv", "a,b\n1.234,1\n12.345,2\n");
    expect(points.dataset.columns[0]).toMatchObject({ min: 1.234, max: 12.345 });
  });

  it("words with digits stay categories, and what repeats too seldom is kept as text", async () => {
    const text = rowsOf("group,id,city", (i) => `group ${i % 3},ID${i},city${i % 25}`, 60);
    const { dataset } = await upload("x.csv", text);
    expect(dataset.columns.map(({ type, note }) => [type, note])).toEqual([
      ["category", undefined],
      ["text", "60 different texts in 60 rows"],
      ["category", undefined],
    ]);
  });
});

describe("dates", () => {
  it("are a column of their own, with a date for each of thousands of rows", async () => {
    const day = (i: number): string => new Date(86_400_000 * i).toISOString().slice(0, 10);
    const { status, dataset } = await upload(
      "x.csv",
      rowsOf("day,y", (i) => `${day(i)},${i}`, 1500),
    );
    expect(status).toBe(201);
    expect(dataset.columns[0]).toMatchObject({ name: "day", type: "date", min: 0, max: 1499 * 86_400, categories: [] });
    const shown = await api.call("getDataset", { params: { dataset: dataset.id } });
    expect((shown.json as DatasetPreview).preview[1]).toEqual(["1970-01-02", 1]);
    const part = await new DatasetsRepository(api.database).fetch(dataset.id, 0);
    const [column] = unpackDataset(part?.content ?? new Uint8Array()).columns;
    expect([column?.type, column?.values[2]]).toEqual(["date", 2 * 86_400]);
  });

  it("in another form, and more texts than categories can be, are kept and not given to trainers", async () => {
    const { status, dataset } = await upload(
      "x.csv",
      rowsOf("day,clock,name,y", (i) => `${(i % 28) + 1}.12.${1900 + i},${i % 24}:30,n${i},${i}`, 1500),
    );
    expect(status).toBe(201);
    expect(dataset.columns.map(({ type, note }) => [type, note])).toEqual([
      ["text", expect.stringContaining("another form than 2020-12-31")],
      ["text", expect.stringContaining("another form than 2020-12-31")],
      ["text", "more than 1,000 different texts"],
      ["number", undefined],
    ]);
    const part = await new DatasetsRepository(api.database).fetch(dataset.id, 0);
    expect(unpackDataset(part?.content ?? new Uint8Array()).columns.map(({ name }) => name)).toEqual(["y"]);
  });

  it("that do not exist are told by row and line", async () => {
    const [issue] = await expectRefused("x.csv", "day,y\n2021-02-27,1\n2021-02-28,2\n2021-02-29,3\n");
    expect(issue?.message).toBe('row 3 (line 4), column "day": "2021-02-29" is no date');
  });
});

describe("a first line that is a row", () => {
  it.each([
    ["numbers among words", "20.00,2.184,3.778,ben,44.072\n21.5,2,3,eva,45\n"],
    ["numbers that do not ascend", "63,1,145,yes\n37,1,130,no\n"],
    ["a word that occurs below", "1,2,ben\n3,4,ben\n5,6,eva\n"],
    ["a date over dates", "2020-01-01,7\n2020-01-02,8\n"],
    ["words that all occur below", "red,small\nred,large\nblue,small\n"],
  ])("%s", async (_, text) => {
    const [issue] = await expectRefused("x.csv", text);
    expect(issue?.path).toBe("header");
    expect(issue?.message).toMatch(/seems to be a row, not the names of the columns/);
    expect(issue?.hint).toBe("put a line with a name for each column on top");
  });

  it("years and indices may be names", async () => {
    expect((await upload("x.csv", "country,1990,1991\nfr,1,2\nde,3,4\n")).status).toBe(201);
    expect((await upload("y.csv", "0,1,2,label\n5.5,6,7,a\n8,9,10,b\n")).status).toBe(201);
  });
});

describe("an NPZ file", () => {
  it("is stored with types and shapes of its arrays", async () => {
    const file = zipSync({
      "x.npy": npy("<f8", [2, 3], float64(1, 2, 3, 4, 5, Number.NaN)),
      "label.npy": npy("|u1", [2], Uint8Array.of(3, 7)),
    });
    const { status, dataset } = await upload("images.npz", file);
    expect(status).toBe(201);
    expect(dataset).toMatchObject({
      rows: 2,
      arrays: [
        { name: "x", dtype: "f8", shape: [2, 3], missing: 1, max: 5 },
        { name: "label", dtype: "u1", shape: [2], max: 7 },
      ],
      missing: { count: 1, first: [{ row: 2, column: "x" }] },
    });
  });

  it.each([
    ["Fortran order", npy("<f8", [2, 2], float64(1, 2, 3, 4), "True"), /Fortran order/],
    ["big endian", npy(">f8", [1], float64(1)), /big-endian/],
    ["objects", npy("|O", [1], float64(1)), /has the type \|O/],
    ["complex numbers", npy("<c16", [1], float64(1, 1)), /has the type <c16/],
    ["another length than its shape", npy("<f8", [3], float64(1, 2)), /has 16 bytes of numbers; its shape \(3\) of f8 needs 24/],
    ["integers beyond 2^53", npy("<i8", [1], new Uint8Array(BigInt64Array.of(2n ** 60n).buffer)), /beyond 2\^53/],
    ["no array", strToU8("hello, this is text"), /does not begin with/],
    [
      "more axes than numpy has",
      npy(
        "<f8",
        Array.from({ length: 1000 }, () => 1),
        float64(1),
      ),
      /has 1000 axes; at most 64 can be read/,
    ],
  ])("with %s is refused by name", async (_, member, message) => {
    const [issue] = await expectRefused("x.npz", zipSync({ "w.npy": member }));
    expect(issue?.path).toBe("arrays.w");
    expect(issue?.message).toMatch(message);
  });

  it("that is no archive, cut off, damaged or empty is refused", async () => {
    const file = zipSync({ "x.npy": npy("<f8", [64], new Uint8Array(512)) }, { level: 0 });
    expect((await expectRefused("x.npz", good))[0]?.message).toContain("zip archive");
    expect((await expectRefused("x.npz", file.subarray(0, 200)))[0]?.message).toContain("cut off");
    const damaged = Uint8Array.from(file);
    damaged[300] = 1;
    expect((await expectRefused("x.npz", damaged))[0]?.message).toContain("damaged");
    expect((await expectRefused("x.npz", zipSync({})))[0]?.message).toContain("no arrays");
  });

  it("that is a bomb is refused by what it declares, and by what it unpacks to when it lies", async () => {
    const bomb = zipSync({ "x.npy": new Uint8Array(130 * 1024 * 1024) }, { level: 1 });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    expect((await expectRefused("x.npz", bomb))[0]?.message).toMatch(/unpack from \d+ to 136314880 bytes; the limit is/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
    const liar = Uint8Array.from(bomb);
    const view = new DataView(liar.buffer);
    const directory = view.getUint32(liar.length - 6, true);
    view.setUint32(directory + 24, 1000, true);
    expect((await expectRefused("x.npz", liar))[0]?.message).toMatch(/more than the 1000 bytes it declares/);
  });

  it("never holds the gigabyte of zeros that it would unpack to, whatever it declares, and holds up no other answer", async () => {
    const honest = await zeros(2 ** 30);
    expect(honest.length).toBeLessThan(8 * 1024 * 1024);
    const liar = Buffer.from(honest);
    liar.writeUInt32LE(120 * 1024 * 1024, liar.readUInt32LE(liar.length - 6) + 24);
    const most = peakMemory();
    const answers = await health(api, async () => {
      expect((await expectRefused("x.npz", honest))[0]?.message).toMatch(/unpack from \d+ to 1073741824 bytes; the limit is/);
      expect((await expectRefused("x.npz", liar))[0]?.message).toMatch(/more than the 125829120 bytes it declares/);
    });
    expect(most()).toBeLessThan(500 * 1024 * 1024);
    expect(answers.longestMilliseconds).toBeLessThan(800);
  });
});

/** An NPZ file whose only member is this many zeros, made without holding them. */
async function zeros(bytes: number): Promise<Buffer> {
  const deflate = createDeflateRaw({ level: 1 });
  const piece = Buffer.alloc(2 ** 20);
  Readable.from(Array.from({ length: bytes / piece.length }, () => piece)).pipe(deflate);
  const packed = await buffer(deflate);
  const name = Buffer.from("x.npy");
  const sizes = (header: Buffer, at: number): void => {
    header.writeUInt16LE(8, at - 10);
    header.writeUInt32LE(packed.length, at);
    header.writeUInt32LE(bytes, at + 4);
    header.writeUInt16LE(name.length, at + 8);
  };
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50);
  sizes(local, 18);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50);
  sizes(entry, 20);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, entry, name, end]);
}

/** Looks every 10 ms; the function tells how much more the process held at most than now. */
function peakMemory(): () => number {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  return () => {
    clearInterval(timer);
    return most - before;
  };
}

it("half an upload that stalls is ended with 408, and nothing of it stays", async () => {
  const impatient = await startHarness({ patience: { stallSeconds: 0.5, seconds: 5, bytesPerSecond: 1000 } });
  onTestFinished(() => impatient.stop());
  const { port } = impatient.app.getHttpServer().address() as { port: number };
  const answer = await new Promise<string>((resolve, reject) => {
    let read = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write("POST /api/v1/datasets?name=half.csv HTTP/1.1\r\nhost: localhost\r\n");
      socket.write("content-type: application/octet-stream\r\ncontent-length: 100000\r\n\r\na,b\n1,2\n");
    });
    socket.on("data", (piece: Buffer) => (read += piece.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(read));
  });
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toContain('"code":"timeout"');
  await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith("basin-upload-"))).toEqual([]);
  expect(await impatient.sql("SELECT 1 FROM dataset")).toEqual([]);
});

it.each(["application/json", "text/csv"])("a file that is sent as %s is not taken for an empty one", async (type) => {
  const answer = await api.app.inject({
    method: "POST",
    url: "/api/v1/datasets?name=a.csv",
    headers: { "content-type": type },
    payload: '{"a": 1}',
  });
  expect(answer.statusCode).toBe(415);
  expect(answer.json<{ error: { message: string } }>().error.message).toContain("content-type: application/octet-stream");
});

describe("the limit", () => {
  /** Sends up to `bytes` over a real connection, as fast as they are taken; tells how many went out before the answer. */
  function pour(bytes: number, declared: boolean): Promise<{ status: number; text: string; sent: number }> {
    const { port } = api.app.getHttpServer().address() as { port: number };
    return new Promise((resolve, reject) => {
      let sent = 0;
      let answered = false;
      const request = httpRequest({
        port,
        host: "127.0.0.1",
        method: "POST",
        path: "/api/v1/datasets?name=big.csv",
        headers: { "content-type": "application/octet-stream", ...(declared ? { "content-length": bytes } : {}) },
      });
      request.on("response", (response) => {
        answered = true;
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, text, sent });
          request.destroy();
        });
      });
      request.on("error", (error) => (answered ? undefined : reject(error)));
      const piece = Buffer.alloc(1024 * 1024, "1,2\n");
      const write = (): void => {
        while (!answered && sent < bytes) {
          sent += piece.length;
          if (!request.write(piece)) {
            request.once("drain", () => setImmediate(write));
            return;
          }
        }
      };
      write();
    });
  }

  it("refuses 2 GB at once when they are declared, and at the limit when they are not", async () => {
    const size = 2 * 1024 ** 3;
    const declared = await pour(size, true);
    expect(declared.status).toBe(413);
    expect(declared.text).toContain("larger than the limit of 64 MB");
    expect(declared.sent).toBeLessThan(64 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    const undeclared = await pour(size, false);
    expect(undeclared.status).toBe(413);
    expect(undeclared.sent).toBeLessThan(200 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    await expectNothingStored();
  });
});

describe("removing a dataset", () => {
  it("works while no sweep names it, and is refused while one does", async () => {
    const { dataset } = await upload("first.csv", good);
    await api.sql(
      `INSERT INTO sweep (id, name, experiment, spec, objective_metric, minimize, pool, priority, tags, seeds, search_state)
       VALUES ('k3v9x2mq', 's', 'dataset-regression', $1, 'loss', true, 'default', 0, '{}', '{0}', '{}')`,
      [JSON.stringify({ space: { dataset: { type: "fixed", value: dataset.id } } })],
    );
    const refused = await api.call("deleteDataset", { params: { dataset: dataset.id } });
    expect(refused.status).toBe(409);
    expect(api.errorOf(refused).message).toContain("k3v9x2mq");
    expect((await api.call("getDataset", { params: { dataset: dataset.id } })).json).toMatchObject({ sweeps: ["k3v9x2mq"] });
    await api.sql("DELETE FROM sweep");
    expect((await api.call("deleteDataset", { params: { dataset: dataset.id } })).status).toBe(200);
    expect((await api.call("listDatasets", { query: {} })).json).toMatchObject({ items: [], total: 0 });
    expect((await api.call("emptyBin", { body: { count: 1 } })).json).toEqual({ removed: 1 });
    const [leader] = await api.sql("SELECT epoch FROM leadership");
    expect(await new BinRepository(api.database).removePiece(BigInt(String(leader?.["epoch"])))).toBe("done");
    await expectNothingStored();
    const gone = await api.call("deleteDataset", { params: { dataset: DatasetId.parse("0".repeat(64)) } });
    expect(gone.status).toBe(404);
  });
});
