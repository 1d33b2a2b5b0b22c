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
  const body = {
    parameters: { type: "object" as const, properties: { x: { type: "number" as const, default: 1 } } },
    metrics: [{ name: "loss" }],
    objective: { metric: "loss", direction: "minimize" as const },
  };
  expect(await statusOf("the owner", "putExperiment", { params: { experiment: "our-fit" }, body })).toBe(201);
  expect(await statusOf("a viewer", "getExperiment", { params: { experiment: "our-fit" } })).toBe(200);
  const other = await as("an admin", "createToken", { body: { name: "otto", project: "other", role: "member" } });
  const otto = { authorization: `Bearer ${other.secret}` };
  const asOtto = async <N extends RouteName>(name: N, input: CallInput<N>) => api.call(name, input, otto);
  expect((await asOtto("getExperiment", { params: { experiment: "our-fit" } })).status).toBe(404);
  expect((await asOtto("listExperimentVersions", { params: { experiment: "our-fit" } })).status).toBe(404);
  expect((await asOtto("getCatalog", { query: {} })).text).not.toContain("our-fit");
  expect((await asOtto("putExperiment", { params: { experiment: "our-fit" }, body })).status).toBe(403);
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
