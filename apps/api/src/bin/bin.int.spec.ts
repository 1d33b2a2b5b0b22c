import { Bin, Sweep, SweepId, type Dataset } from "@basin/contracts";
import { BinRepository } from "@basin/database";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { seedSweep, startHarness, type Answer, type Harness } from "../http/http-harness.testing";

let api: Harness;
let repository: BinRepository;
beforeAll(async () => {
  api = await startHarness({ settings: { BASIN_BIN_DAYS: "3" } });
  repository = new BinRepository(api.database);
});
afterAll(() => api.stop());
afterEach(async () => {
  await api.sql("DELETE FROM sweep");
  await api.sql("DELETE FROM dataset");
});

const id = SweepId.parse("k3v9x2mq");
const params = { params: { sweep: id } };
const ended = (more: object = {}) =>
  seedSweep(api, {
    id,
    name: "typo",
    state: "cancelled",
    tags: ["old"],
    trials: [{ parameters: {}, runs: [{ objective: 1 }, { objective: 2 }] }],
    ...more,
  });
const listed = async (query: { archived?: boolean } = {}): Promise<string[]> =>
  ((await api.call("listSweeps", { query })).json as { items: Sweep[] }).items.map((sweep) => sweep.id);
const bin = async (): Promise<Bin> => Bin.parse((await api.call("getBin", {})).json);
const refusal = (answer: Answer): string => {
  expect(answer.status, answer.text).toBe(409);
  return api.errorOf(answer).message;
};
async function upload(text: string, options = ""): Promise<{ status: number; dataset: Dataset; text: string }> {
  const answer = await api.app.inject({
    method: "POST",
    url: `/api/v1/datasets?name=t.csv${options}`,
    headers: { "content-type": "application/octet-stream" },
    payload: Buffer.from(text),
  });
  return { status: answer.statusCode, dataset: JSON.parse(answer.body) as Dataset, text: answer.body };
}
/** Whoever leads at present. */
async function epoch(): Promise<bigint> {
  const [row] = await api.sql("SELECT epoch FROM leadership");
  return BigInt(String(row?.["epoch"]));
}
/** Removes pieces until nothing is left, and says how many there were. */
async function removeAll(): Promise<number> {
  for (let pieces = 1; ; pieces++) if ((await repository.removePiece(await epoch())) === "done") return pieces;
}

it("leaves an archived sweep out of lists and facets, shows it where it is asked for, and starts nothing of it", async () => {
  await ended();
  expect(Sweep.parse((await api.call("archiveSweep", params)).json).archivedAt).not.toBeNull();
  expect([await listed(), await listed({ archived: true })]).toEqual([[], [id]]);
  expect((await api.call("sweepFacets", {})).json).toEqual({ tags: [], owners: [], experiments: [] });
  expect((await api.call("getSweep", params)).status).toBe(200);
  expect(refusal(await api.call("extendSweep", { ...params, body: { seeds: 1 } }))).toContain("is archived");
  await api.call("unarchiveSweep", params);
  expect([await listed(), await listed({ archived: true })]).toEqual([[id], []]);
});

it("refuses to archive or delete what is not over, with the reason", async () => {
  await seedSweep(api, { id, state: "running" });
  expect(refusal(await api.call("archiveSweep", params))).toBe("the sweep is running: pause or cancel it first");
  expect(refusal(await api.call("deleteSweep", params))).toBe("the sweep is running: cancel it first");
  await api.sql("UPDATE sweep SET state = 'paused'");
  expect(refusal(await api.call("deleteSweep", params))).toBe("the sweep is paused and can go on: cancel it first");
  expect((await api.call("archiveSweep", params)).status).toBe(200);
  expect(refusal(await api.call("restoreSweep", params))).toBe("the sweep is not in the bin");
});

it("keeps a sweep from which an unfinished one takes weights", async () => {
  await ended();
  const other = SweepId.parse("aaaaaaaa");
  await seedSweep(api, { id: other, state: "running", space: { startFrom: { type: "fixed", value: `${id}-0-0/x` } } });
  expect(refusal(await api.call("deleteSweep", params))).toContain(`start from weights of this one: ${other}`);
  await api.sql("UPDATE sweep SET state = 'completed' WHERE id = $1", [other]);
  expect((await api.call("deleteSweep", params)).status).toBe(200);
});

it("holds what is deleted for the days that are set, and gives it back whole", async () => {
  await ended();
  const { binnedUntil } = Sweep.parse((await api.call("deleteSweep", params)).json);
  expect((Date.parse(binnedUntil ?? "") - Date.now()) / 86_400_000).toBeCloseTo(3, 2);
  expect([await listed(), await listed({ archived: true })]).toEqual([[], []]);
  expect(await bin()).toMatchObject({
    days: 3,
    count: 1,
    sweeps: [{ id, name: "typo", runs: 2, until: binnedUntil }],
    datasets: [],
  });
  expect(refusal(await api.call("deleteSweep", params))).toContain("is in the bin");
  expect(refusal(await api.call("retryFailed", params))).toContain("is in the bin");
  expect(await removeAll()).toBe(1);
  expect(Sweep.parse((await api.call("restoreSweep", params)).json)).toMatchObject({
    binnedUntil: null,
    counts: { succeeded: 2 },
  });
  expect(await listed()).toEqual([id]);
});

it("removes for good in pieces, points, artifacts and packs included, and nothing of another sweep", async () => {
  const runs = Array.from({ length: 450 }, () => ({ objective: 1 }));
  await ended({ trials: [{ parameters: {}, runs }] });
  const other = await seedSweep(api, {
    id: "aaaaaaaa",
    state: "completed",
    trials: [{ parameters: {}, runs: [{ objective: 1 }] }],
  });
  await api.sql(`INSERT INTO metric_chunk SELECT id, 1, 'loss', 0, 0, '{0}', '{1}' FROM run`);
  await api.sql(`INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, content)
    SELECT gen_random_uuid(), id, 1, 'w', 'weights', 'x', 1, '', 'x' FROM run`);
  await api.sql(
    `INSERT INTO pack (id, sweep_id, pool, experiment, width) SELECT gen_random_uuid(), id, 'default', 'e', 1 FROM sweep`,
  );
  await api.call("deleteSweep", params);
  expect(refusal(await api.call("emptyBin", { body: { count: 2 } }))).toContain("holds 1 things by now, not 2");
  expect((await api.call("emptyBin", { body: { count: 1 } })).json).toEqual({ removed: 1 });
  expect(refusal(await api.call("restoreSweep", params))).toBe("the sweep is being removed for good");
  await api.sql("UPDATE sweep SET running = 1 WHERE id = $1", [id]);
  expect(await removeAll()).toBe(1);
  await api.sql("UPDATE sweep SET running = 0 WHERE id = $1", [id]);
  // 200, 200 and 50 runs, the last of them with the sweep's row; then nothing is found.
  expect(await removeAll()).toBe(4);
  expect((await api.call("getSweep", params)).status).toBe(404);
  for (const [table, column] of [
    ["run", "id"],
    ["metric_chunk", "run_id"],
    ["artifact", "run_id"],
    ["pack", "sweep_id"],
    ["trial", "sweep_id"],
  ] as const)
    expect(await api.sql(`SELECT left(${column}, 8) AS of FROM ${table}`), table).toEqual([{ of: other }]);
  expect(await bin()).toMatchObject({ count: 0, sweeps: [] });
});

it("keeps a dataset as long as a sweep that names it can come back, which brings it back", async () => {
  const { dataset } = await upload("x,y\n1,2\n2,3\n");
  const named = { params: { dataset: dataset.id } };
  await ended({ experiment: "dataset-regression", space: { dataset: { type: "fixed", value: dataset.id } } });
  expect(refusal(await api.call("deleteDataset", named))).toContain(id);
  await api.call("deleteSweep", params);
  expect((await api.call("deleteDataset", named)).status).toBe(200);
  expect((await bin()).datasets).toMatchObject([{ id: dataset.id, name: "t.csv", rows: 2 }]);
  await api.sql("UPDATE dataset SET binned_until = now()");
  await removeAll();
  expect((await api.call("getDataset", named)).json).toMatchObject({ sweeps: [] });
  await api.call("restoreSweep", params);
  expect((await bin()).count).toBe(0);
  expect((await api.call("getDataset", named)).json).toMatchObject({ binnedUntil: null, sweeps: [id] });
});

it("takes a dataset out of the bin when it is asked to, when its file comes again, and when a new sweep names it", async () => {
  const file = `x,y\n${Array.from({ length: 40 }, (_, i) => `${i},${2 * i}`).join("\n")}\n`;
  const { dataset } = await upload(file);
  const named = { params: { dataset: dataset.id } };
  const names = async (): Promise<string[]> =>
    ((await api.call("listDatasets", { query: {} })).json as { items: Dataset[] }).items.map((one) => one.id);
  const space = {
    dataset: { type: "fixed" as const, value: dataset.id as string },
    targets: { type: "fixed" as const, value: ["y"] },
  };
  const ways = [
    () => api.call("restoreDataset", named),
    () => upload(file),
    () => api.call("createSweep", { body: { experiment: "dataset-regression", space } }),
  ];
  for (const way of ways) {
    expect((await api.call("deleteDataset", named)).status).toBe(200);
    expect(await names()).toEqual([]);
    expect((await way()).status).toBeLessThan(300);
    expect(await names()).toEqual([dataset.id]);
  }
});

it("reads the file of a dataset in the bin anew in another way, unless a sweep there names it", async () => {
  const { dataset } = await upload("x,y\n1,2\n2,3\n");
  const named = { params: { dataset: dataset.id } };
  await ended({ experiment: "dataset-regression", space: { dataset: { type: "fixed", value: dataset.id } } });
  await api.call("deleteSweep", params);
  await api.call("deleteDataset", named);
  expect((await upload("x,y\n1,2\n2,3\n", '&texts=["x"]')).text).toContain("from the bin, with the sweeps there that name it");
  await api.sql("DELETE FROM sweep");
  expect(await upload("x,y\n1,2\n2,3\n", '&texts=["x"]')).toMatchObject({
    status: 201,
    dataset: { columns: [{ type: "category" }, { type: "number" }] },
  });
});
