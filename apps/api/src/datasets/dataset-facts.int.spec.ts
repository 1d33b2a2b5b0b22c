import { unpackDataset, type Dataset, type DatasetPreview, type DatasetSummary } from "@basin/contracts";
import { DatasetsRepository } from "@basin/database";
import { configurationOf, findExperiment } from "@basin/problems";
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

async function upload(name: string, content: string): Promise<{ status: number; dataset: Dataset }> {
  const response = await api.app.inject({
    method: "POST",
    url: `/api/v1/datasets?name=${name}`,
    headers: { "content-type": "application/octet-stream" },
    payload: content,
  });
  return { status: response.statusCode, dataset: response.json<Dataset>() };
}

const rowsOf = (header: string, row: (i: number) => string, count: number): string =>
  `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join("\n")}\n`;

interface Page {
  items: DatasetSummary[];
  next: string | null;
  total: number;
}

describe("what is told of a dataset is bounded", () => {
  const name = (column: number, of: number): string => `${"long".repeat(column === 0 ? 50 : 0)}c${column} n${of}`;
  const cell = (column: number, row: number): string => name(column, row < 2000 ? row % 1000 : column);
  const columns = Array.from({ length: 100 }, (_, column) => column);

  it("of a table of 100,000 categories the most frequent are told, and trainers get all of them", async () => {
    const { status, dataset } = await upload(
      "codes.csv",
      rowsOf(
        columns.map((column) => `column ${column}`).join(","),
        (row) => columns.map((column) => cell(column, row)).join(","),
        2500,
      ),
    );
    expect(status).toBe(201);
    expect(dataset.columns).toHaveLength(100);
    for (const [column, { categories, categoriesLeftOut }] of dataset.columns.entries()) {
      // 2,000 among 100 columns; of equally frequent ones those that appear first.
      expect([categories.length, categoriesLeftOut]).toEqual([20, 980]);
      const full = [name(column, column), ...Array.from({ length: 20 }, (_, of) => name(column, of))];
      const names = [...new Set(full)].slice(0, 20);
      expect(categories.map(({ name }) => name)).toEqual(names.map((one) => (one.length > 100 ? `${one.slice(0, 99)}…` : one)));
      expect(categories.map(({ count }) => count)).toEqual([502, ...Array.from({ length: 19 }, () => 2)]);
    }
    const shown = await api.call("getDataset", { params: { dataset: dataset.id } });
    expect(shown.text.length).toBeLessThan(150_000);
    const listed = await api.call("listDatasets", { query: {} });
    expect(listed.text.length).toBeLessThan(1000);
    expect((listed.json as { items: DatasetSummary[] }).items[0]).toMatchObject({ rows: 2500, fields: 100, missing: 0 });

    const repository = new DatasetsRepository(api.database);
    const parts: Buffer[] = [];
    for (let part = 0, of = 1; part < of; part++) {
      const answer = await repository.fetch(dataset.id, part);
      of = answer?.parts ?? 0;
      parts.push(answer?.content ?? Buffer.alloc(0));
    }
    const content = unpackDataset(Buffer.concat(parts));
    for (const column of columns) {
      const { categories, values } = content.columns[column] ?? { categories: [], values: [] };
      expect(new Set(categories)).toEqual(new Set(Array.from({ length: 1000 }, (_, of) => name(column, of))));
      for (const row of [0, 999, 1000, 2499]) expect(categories[values[row] ?? -1]).toBe(cell(column, row));
    }
    const space = {
      dataset: { type: "fixed", value: dataset.id },
      classColumn: { type: "fixed", value: "column 7" },
    } as const;
    const refused = await api.call("previewSweep", { body: { experiment: "dataset-classification", space } });
    expect(JSON.stringify(api.errorOf(refused).issues)).toContain('column \\"column 7\\" has 1000 classes');
  });

  it("of one column of 60 categories the 50 most frequent are listed, and a network gets an input for each", async () => {
    const { dataset } = await upload(
      "sixty.csv",
      rowsOf("kind,y", (row) => `k${row < 240 ? row % 60 : 59},${row}`, 300),
    );
    const [kind] = dataset.columns;
    expect([kind?.categories.length, kind?.categoriesLeftOut]).toEqual([50, 10]);
    expect(kind?.categories.slice(0, 2)).toEqual([
      { name: "k59", count: 64 },
      { name: "k0", count: 4 },
    ]);
    const regression = findExperiment("dataset-regression");
    if (!regression) throw new Error("dataset-regression is not in the catalogue");
    const configuration = configurationOf(regression, { dataset: dataset.id, targets: ["y"] });
    expect(regression.sizes?.(configuration, () => dataset)).toMatchObject({ input: { channels: 60 }, outputs: 1 });
  });

  it("the first rows are told in the first 100 columns, long texts cut", async () => {
    const wide = Array.from({ length: 300 }, (_, i) => i);
    const { dataset } = await upload(
      "wide.csv",
      rowsOf(["note", ...wide.map((i) => `x${i}`)].join(","), (row) => [`${row}${"ä".repeat(5000)}`, ...wide].join(","), 30),
    );
    const { json, text } = await api.call("getDataset", { params: { dataset: dataset.id } });
    const { preview } = json as DatasetPreview;
    expect(preview).toHaveLength(20);
    expect(preview[3]).toEqual([`3${"ä".repeat(98)}…`, ...wide.slice(0, 99)]);
    expect(text.length).toBeLessThan(100_000);
  });

  it("lists come in pages that neither repeat nor lose one, and by the first digits of an id", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.push((await upload(`t${i}.csv`, `x,y\n1,${i}\n`)).dataset.id);
    // Three of one moment.
    await api.sql("UPDATE project_dataset SET created_at = '2026-01-01T00:00:00Z' WHERE dataset_id = ANY($1::text[])", [
      ids.slice(0, 3),
    ]);
    const all = [...ids.slice(3).toReversed(), ...ids.slice(0, 3).toSorted()];
    for (const limit of [1, 2, 3, 7]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const query: object = { limit, ...(cursor === null ? {} : { cursor }) };
        const page = (await api.call("listDatasets", { query })).json as Page;
        expect(page.items.length).toBeLessThanOrEqual(limit);
        expect(page.total).toBe(7);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== null);
      expect(seen).toEqual(all);
    }
    const id = ids[4]?.slice(0, 6) ?? "";
    expect((await api.call("listDatasets", { query: { id } })).json).toMatchObject({
      items: [{ id: ids[4] }],
      total: 1,
      next: null,
    });
    const strange = await api.call("listDatasets", { query: { id: "XY" } });
    expect([strange.status, api.errorOf(strange).issues[0]?.path]).toEqual([400, "id"]);
    const foreign = Buffer.from(JSON.stringify(["sweeps name", "a", "b"])).toString("base64url");
    const other = await api.call("listDatasets", { query: { cursor: foreign } });
    expect([other.status, api.errorOf(other).issues[0]?.path]).toEqual([400, "cursor"]);
  });
});
