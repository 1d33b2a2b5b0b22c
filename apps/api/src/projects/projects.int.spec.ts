import type { AnswerOf, CallInput, RouteName } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHarness, type Harness } from "../http/http-harness.testing";
import { everyone, things, type Bearer } from "../tokens/everyone.testing";

let api: Harness;
let people: Bearer[] = [];

beforeAll(async () => {
  api = await startHarness({ settings: { BASIN_AUTH: "token" } });
  people = await everyone(api);
});
afterAll(() => api.stop());

const headersOf = (name: string): Record<string, string> => {
  const found = people.find((one) => one.name === name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found.headers;
};
const as = async <N extends RouteName>(who: string, name: N, input: CallInput<N>): Promise<AnswerOf<N>> => {
  const answer = await api.call(name, input, headersOf(who));
  if (answer.status >= 300) throw new Error(`${name} by ${who}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer.json as AnswerOf<N>;
};
const statusOf = async <N extends RouteName>(who: string, name: N, input: CallInput<N>): Promise<number> =>
  (await api.call(name, input, headersOf(who))).status;

const fit = {
  parameters: { type: "object" as const, properties: { x: { type: "number" as const, default: 1 } } },
  metrics: [{ name: "loss" }],
  objective: { metric: "loss", direction: "minimize" as const },
};

it("lists hold what is of one's project; an admin sees all", async () => {
  for (const [who, sweeps] of [
    ["a viewer", [things.ours.sweep]],
    ["another member", [things.ours.sweep]],
    ["an admin", [things.theirs.sweep, things.ours.sweep]],
  ] as const) {
    expect((await as(who, "listSweeps", { query: { sort: "name" } })).items.map(({ id }) => id).sort(), who).toEqual(
      [...sweeps].sort(),
    );
    expect((await as(who, "listSweeps", { query: { search: "a" } })).total, who).toBe(sweeps.length);
    expect(
      (await as(who, "sweepFacets", {})).owners.map(({ value }) => value),
      who,
    ).toHaveLength(sweeps.length);
    expect((await as(who, "listDatasets", { query: {} })).total, who).toBe(sweeps.length);
    expect(
      (await as(who, "listProjects", {})).items.map(({ name }) => name),
      who,
    ).toEqual(who === "an admin" ? ["default", "other", "waves"] : ["waves"]);
  }
});

it("what a body names is not there for who does not see it", async () => {
  const { sweep, run } = things.theirs;
  const own = { sweep: things.ours.sweep, group: {} };
  const others = [{ sweep, group: {} }, { run }] as CallInput<"compare">["body"]["items"];
  for (const item of others) {
    const items = [own, item] as CallInput<"compare">["body"]["items"];
    expect(await statusOf("a viewer", "compare", { body: { items } })).toBe(404);
    expect(await statusOf("a viewer", "compareCurves", { body: { items, metric: "mae" } })).toBe(404);
    expect(await statusOf("a viewer", "testPair", { body: { a: items[0] as never, b: item } })).toBe(404);
    expect(await statusOf("an admin", "compare", { body: { items } })).toBe(200);
  }
  // Runs of another sweep than the path's are left as they are.
  const bulk = await as("the owner", "cancelRuns", {
    params: { sweep: things.ours.sweep },
    body: { runs: [run as never] },
  });
  expect(bulk).toMatchObject({ changed: 0, unchanged: 1 });
});

it("what is submitted belongs to the project and the person of the token", async () => {
  const made = await as("another member", "createSweep", { body: { experiment: "loss-minimization", name: "of max" } });
  expect(made).toMatchObject({ owner: "max", project: "waves" });
  expect(await statusOf("the owner", "pauseSweep", { params: { sweep: made.id } })).toBe(403);
  expect(await statusOf("another member", "pauseSweep", { params: { sweep: made.id } })).toBe(200);
  const clone = await as("the owner", "cloneSweep", { params: { sweep: made.id }, body: {} });
  expect(clone).toMatchObject({ owner: "mia", project: "waves", clonedFrom: made.id });
});

it("an experiment from outside is its project's, and no other project takes its name", async () => {
  expect(await statusOf("the owner", "putExperiment", { params: { experiment: "our-fit" }, body: fit })).toBe(201);
  expect(await statusOf("a viewer", "getExperiment", { params: { experiment: "our-fit" } })).toBe(200);
  const other = await as("an admin", "createToken", { body: { name: "otto", project: "other", role: "member" } });
  const otto = { authorization: `Bearer ${other.secret}` };
  const asOtto = async <N extends RouteName>(name: N, input: CallInput<N>) => api.call(name, input, otto);
  expect((await asOtto("getExperiment", { params: { experiment: "our-fit" } })).status).toBe(404);
  expect((await asOtto("listExperimentVersions", { params: { experiment: "our-fit" } })).status).toBe(404);
  expect((await asOtto("getCatalog", { query: {} })).text).not.toContain("our-fit");
  expect((await asOtto("putExperiment", { params: { experiment: "our-fit" }, body: fit })).status).toBe(403);
  const refused = await asOtto("createSweep", { body: { experiment: "our-fir" } });
  expect(refused.status).toBe(400);
  expect(refused.text).not.toContain("our-fit");
});

it("who joins, changes or leaves is heard at once, and streams of who left end", async () => {
  const made = await as("an admin", "createToken", { body: { name: "nia", project: "waves", role: "member" } });
  const nia = { authorization: `Bearer ${made.secret}` };
  const create = async () => (await api.call("createSweep", { body: { experiment: "loss-minimization" } }, nia)).status;
  expect(await create()).toBe(201);
  const stream = await fetch(`${await api.app.getUrl()}/api/v1/events`, { headers: nia });
  const text = stream.text();
  await as("an admin", "putMember", { params: { project: "waves", person: "nia" }, body: { role: "viewer" } });
  await eventually(async () => (await create()) === 403, { timeoutSeconds: 5, what: "a viewer submits nothing" });
  await as("an admin", "removeMember", { params: { project: "waves", person: "nia" } });
  await eventually(async () => (await create()) === 401, { timeoutSeconds: 5, what: "who left is refused" });
  const told = await text;
  expect(told).toContain(things.ours.sweep);
  expect(told).not.toContain(things.theirs.sweep);
});

it("sweeps and workers that name no pool go to that of their project", async () => {
  await as("an admin", "changeProject", { params: { project: "waves" }, body: { pool: "gpu" } });
  const poolOf = async (who: string, body: object): Promise<string> =>
    (await as(who, "createSweep", { body: { experiment: "loss-minimization", ...body } })).spec.pool;
  expect(await poolOf("another member", {})).toBe("gpu");
  expect(await poolOf("another member", { pool: "default" })).toBe("default");
  expect(await poolOf("an admin", {}), "of another project").toBe("default");
  await as("another member", "putExperiment", { params: { experiment: "pool-fit" }, body: fit });
  const worker = { protocol: 1 as const, experiment: "pool-fit" };
  await as("another member", "registerWorker", { params: { worker: "of-max" }, body: worker });
  await as("another member", "registerWorker", { params: { worker: "by-name" }, body: { ...worker, pool: "lab" } });
  expect(await api.sql("SELECT id, pool FROM trainer WHERE id IN ('of-max', 'by-name') ORDER BY id")).toEqual([
    { id: "by-name", pool: "lab" },
    { id: "of-max", pool: "gpu" },
  ]);
  const { warnings } = await as("another member", "previewSweep", { body: { experiment: "loss-minimization" } });
  expect(warnings.map(({ message }) => message).join()).toContain("the pool gpu");
});

it("a project that holds what it may submits, extends, continues and uploads nothing more", async () => {
  const params = { project: "waves" };
  const name = "createSweep" as const;
  const body = { experiment: "loss-minimization" };
  const made = await as("another member", name, { body });
  const sweep = { params: { sweep: made.id } };
  const { used } = await as("an admin", "changeProject", { params, body: { storedBytes: 1_000_000 } });
  expect(used.storedBytes).toBeGreaterThan(0);
  const upload = async (text: string) =>
    api.app.inject({
      method: "POST",
      url: "/api/v1/datasets?name=more.csv",
      headers: { "content-type": "application/octet-stream", ...headersOf("another member") },
      payload: Buffer.from(text),
    });
  const table = "a,b\n1,2\n3,4\n";
  expect((await upload(table)).statusCode).toBe(201);
  const held = used.storedBytes + table.length;
  const limit = async (storedBytes: number | null): Promise<void> => {
    const project = await as("an admin", "changeProject", { params, body: { storedBytes } });
    expect(project).toMatchObject({ storedBytes, used: { storedBytes: held } });
  };
  const advice = "remove sweeps or datasets of it for good (what is in the bin counts), or have an admin raise its storedBytes";
  const refusalOf = (answer: { status: number; text: string }): string => {
    expect(answer.status, answer.text).toBe(409);
    return (JSON.parse(answer.text) as { error: { message: string } }).error.message;
  };

  await limit(held);
  const full = `the project waves holds ${held} bytes of datasets and artifacts, and may hold ${held}: ${advice}`;
  const ask = async <N extends RouteName>(who: string, route: N, input: CallInput<N>) =>
    refusalOf(await api.call(route, input, headersOf(who)));
  expect(await ask("another member", name, { body })).toBe(full);
  expect(await ask("another member", "cloneSweep", { ...sweep, body: {} })).toBe(full);
  expect(await ask("another member", "extendSweep", { ...sweep, body: { seeds: 1 } })).toBe(full);
  expect(await ask("an admin", "extendSweep", { ...sweep, body: { seeds: 1 } }), "whoever asks").toBe(full);
  expect(await ask("another member", "continueSweep", { ...sweep, body: {} })).toBe(full);
  expect(await statusOf("an admin", name, { body }), "of another project").toBe(201);
  expect((await upload(table)).statusCode, "what is there already takes nothing").toBe(200);

  await limit(held + 5);
  const other = "a,b\n5,6\n";
  const refused = await upload(other);
  expect(refusalOf({ status: refused.statusCode, text: refused.body })).toBe(
    `the project waves holds ${held} bytes of datasets and artifacts, this file has 8, and may hold ${held + 5}: ${advice}`,
  );
  expect(await statusOf("another member", "extendSweep", { ...sweep, body: { seeds: 1 } })).toBe(200);

  await limit(null);
  expect((await upload(other)).statusCode).toBe(201);
  expect(await statusOf("another member", name, { body })).toBe(201);
});

it("nobody gives away more than they have", async () => {
  const make = (who: string, body: CallInput<"createToken">["body"]) => statusOf(who, "createToken", { body });
  expect(await make("another member", { name: "max", role: "viewer" })).toBe(200);
  expect(await make("another member", { name: "max" })).toBe(200);
  expect(await make("another member", { name: "mia" })).toBe(403);
  expect(await make("another member", { name: "max", role: "admin" })).toBe(403);
  expect(await make("another member", { name: "max", project: "other" })).toBe(403);
  expect(await make("another member", { name: "max", role: "trainer" })).toBe(403);
  expect(await make("a viewer", { name: "vera" })).toBe(403);
  expect(await make("an admin", { name: "zoe", project: "nowhere" })).toBe(404);
  expect((await as("another member", "listTokens", {})).items.every(({ name }) => name === "max")).toBe(true);
});
