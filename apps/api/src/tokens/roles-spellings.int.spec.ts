import { routes, type RouteName } from "@basin/contracts";
import { spellingsOf, statusOf } from "@basin/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHarness, type Harness } from "../http/http-harness.testing";
import { everyone, pathOf, refusalFor, type Bearer } from "./everyone.testing";

let api: Harness;
let people: Bearer[] = [];

beforeAll(async () => {
  api = await startHarness({ settings: { BASIN_AUTH: "token" } });
  people = await everyone(api);
});
afterAll(() => api.stop());

it("no way of writing a path, and no HEAD, opens what is refused", async () => {
  const port = Number(new URL(await api.app.getUrl()).port);
  const opened: string[] = [];
  let asked = 0;
  for (const name of Object.keys(routes) as RouteName[])
    for (const who of people.filter(({ role }) => role !== null)) {
      if (refusalFor(name, "theirs", who) === null) continue;
      const { method } = routes[name];
      const path = pathOf(name, "theirs");
      const heads = method === "GET" ? [["HEAD", path] as const] : [];
      const requests = [...spellingsOf(path).map((target) => [method, target] as const), ...heads];
      asked += requests.length;
      const statuses = await Promise.all(
        requests.map(([verb, target]) => statusOf(port, { method: verb, target, headers: who.headers })),
      );
      for (const [i, status] of statuses.entries())
        if (status < 400 || status >= 500) opened.push(`${requests[i]?.join(" ")} by ${who.name}: ${status}`);
    }
  expect(opened).toEqual([]);
  expect(asked).toBeGreaterThan(10_000);
});
