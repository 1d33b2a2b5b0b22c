import { routes, type Route, type RouteName } from "@basin/contracts";
import { statusOf } from "@basin/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHarness, type Harness } from "../http/http-harness.testing";
import { everyone, pathOf, refusalFor, type Bearer, type Side } from "./everyone.testing";

let api: Harness;
let port = 0;
let people: Bearer[] = [];
const names = Object.keys(routes) as RouteName[];
const sides: Side[] = ["theirs", "ours"];
const isStream = (name: RouteName): boolean => (routes[name] as Route).mediaTypes?.includes("text/event-stream") === true;

beforeAll(async () => {
  api = await startHarness({ settings: { BASIN_AUTH: "token" } });
  port = Number(new URL(await api.app.getUrl()).port);
  people = await everyone(api);
});
afterAll(() => api.stop());

let asked = 0;
const ask = (method: string, target: string, { headers }: Bearer): Promise<number> => {
  asked += 1;
  const from = { "x-forwarded-for": `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}` };
  return statusOf(port, { method, target, headers: { ...from, ...headers } });
};

it("every route answers everybody as its declaration says", async () => {
  const wrong: string[] = [];
  let refused = 0;
  // What is refused first, so that what is allowed changes nothing before.
  for (const allowed of [false, true])
    for (const side of sides)
      for (const name of names)
        for (const who of people) {
          const refusal = refusalFor(name, side, who);
          // A stream that is allowed never ends; its HEAD does.
          if ((refusal === null) !== allowed) continue;
          // Who is nobody is nobody everywhere.
          if (who.role === null && side === "ours") continue;
          const method = allowed && isStream(name) ? "HEAD" : routes[name].method;
          const status = await ask(method, pathOf(name, side), who);
          const right = refusal === null ? ![401, 403].includes(status) && status < 500 : status === refusal;
          if (!right) wrong.push(`${name} of ${side} by ${who.name}: ${status}, not ${refusal ?? "allowed"}`);
          if (refusal !== null) refused += 1;
        }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(800);
});

it("who may see a thing gets it", async () => {
  const seen: RouteName[] = ["getSweep", "getRun", "listRuns", "listArtifacts", "exportSweep", "getResults"];
  const vera = people.find(({ name }) => name === "a viewer");
  if (!vera) throw new Error("a viewer is among them");
  for (const name of seen) expect(await ask("GET", pathOf(name, "ours"), vera), name).toBe(200);
});
