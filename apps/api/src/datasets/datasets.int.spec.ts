import { DatasetId, unpackDataset, type Dataset, type DatasetPreview, type Issue } from "@basin/contracts";
import { DatasetsRepository } from "@basin/database";
import { strToU8, zipSync } from "fflate";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startHarness, type Harness } from "../http/http-harness.testing";

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());
afterEach(async () => {
  await api.sql("DELETE FROM dataset");
});

interface Outcome {
  status: number;
  dataset: Dataset;
  error: { code: string; message: string; issues: Issue[] };
}

async function upload(name: string, content: string | Uint8Array, delimiter?: string): Promise<Outcome> {
  const query = new URLSearchParams({ name, ...(delimiter === undefined ? {} : { delimiter }) });
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
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("basin-upload-"))).toEqual([]);
}

async function expectRefused(name: string, content: string | Uint8Array, delimiter?: string): Promise<Issue[]> {
  const { status, error } = await upload(name, content, delimiter);
  expect({ status, code: error.code }).toEqual({ status: 400, code: "invalid" });
  await expectNothingStored();
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
    expect(issues[1]).toMatchObject({ path: "rows[4].price", message: 'row 4, column "price": "oops3" is no number' });
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
    ["infinity", "a,b\n1,2\ninf,3\n4,5\n", /row 2, column "a": "inf" is no number/],
  ])("%s", async (_, text, message) => {
    const issues = await expectRefused("x.csv", text);
    expect(issues.map((issue) => issue.message).join("\n")).toMatch(message);
  });

  it("the wrong delimiter", async () => {
    const [issue] = await expectRefused("x.csv", "a;b\n1;2\n", "comma");
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
    await expectNothingStored();
    const gone = await api.call("deleteDataset", { params: { dataset: DatasetId.parse("0".repeat(64)) } });
    expect(gone.status).toBe(404);
  });
});
