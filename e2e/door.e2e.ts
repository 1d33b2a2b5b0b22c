import { call as callRoute } from "@basin/client";
import {
  routes,
  sessionCookie,
  SweepSpec,
  type CallInput,
  type AnswerOf,
  type Route,
  type RouteName,
  type SweepId,
} from "@basin/contracts";
import { eventually, spellingsOf, statusOf } from "@basin/testing";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import { openBrowser, openPage } from "./harness/browser";
import { diagnosticRuns, smallNetworks } from "./harness/specs";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;
let browser: Browser;
let token = "";
const portOf = (url: string): number => Number(new URL(url).port);

beforeAll(async () => {
  const env = { BASIN_AUTH: "token", BASIN_LOG_LEVEL: "debug", BASIN_PUBLIC_URL: "https://basin.example" };
  [stack, browser] = await Promise.all([TestStack.start({ trainers: 1, web: true, env }), openBrowser()]);
  token = readFileSync(join(stack.directory, "first-token"), "utf8").trim();
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});
beforeEach(() => stack.reportOnFailure());

const call = <N extends RouteName>(name: N, input: CallInput<N>): Promise<AnswerOf<N>> =>
  callRoute(stack.api, name, input, { token });

describe("a stranger", () => {
  const open: readonly string[] = ["getSession", "openSession", "closeSession"];
  const closed = [
    ...Object.entries(routes as Record<string, Route>).flatMap(([name, { method, path }]) =>
      open.includes(name) ? [] : [{ method: method, path: `/api/v1${path.replaceAll(/:[a-z]+/gi, "00000000")}` }],
    ),
    ...["/api/v1/openapi.json", "/api/docs", "/api/docs/swagger-ui-init.js"].map((path) => ({ method: "GET", path })),
  ];

  test("gets no answer through the dashboard, however a path is written", async () => {
    expect(closed.length).toBeGreaterThan(55);
    const answered: string[] = [];
    /** The status of each of these requests to the dashboard. */
    const ask = async (
      method: string,
      targets: readonly string[],
      headers: Record<string, string> = {},
      refusals: readonly number[] = [401, 404, 405],
    ): Promise<number[]> => {
      const statuses = await Promise.all(targets.map((target) => statusOf(portOf(stack.web), { method, target, headers })));
      for (const [i, status] of statuses.entries())
        if (!refusals.includes(status)) answered.push(`${status} ${method} ${targets[i]}`);
      return statuses;
    };
    // What the dashboard passes on to the API is refused there with 401; for the rest it draws a page that says 404, which takes time.
    // Every operation is asked for in each way of the first kind, and by turns in those of the second.
    const first = closed.find(({ path }) => path === "/api/v1/tokens") ?? closed[0];
    const statuses = await ask("GET", spellingsOf(first?.path ?? ""));
    const passedOn = statuses.map((status) => status === 401);
    expect(passedOn.filter(Boolean).length).toBeGreaterThan(10);
    for (const [i, { method, path }] of closed.entries()) {
      const targets = spellingsOf(path).filter((_, way) => passedOn[way] === true || way % 8 === i % 8);
      await ask(method, targets);
      // Who tries tokens is slowed down after some.
      await ask(method, [path, ...targets.slice(i % 3, 4)], { authorization: "Bearer basin_wrong" }, [401, 404, 405, 429]);
    }
    expect(answered).toEqual([]);
  });

  test("gets nothing by another method or through the dashboard's own machinery", async () => {
    const port = portOf(stack.web);
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"])
      expect([401, 404, 405], method).toContain(await statusOf(port, { method, target: "/api/v1/tokens" }));
    const secrets = {
      "x-middleware-subrequest": "proxy:proxy:proxy",
      "x-invoke-path": "/",
      "x-matched-path": "/",
    };
    expect(await statusOf(port, { method: "GET", target: "/api/v1/tokens", headers: secrets })).toBe(401);
    for (const target of [
      "/_next/image?url=%2Fapi%2Fv1%2Ftokens&w=64&q=75",
      "/_next/data/x/api/v1/tokens.json",
      "/api/%2e%2e/metrics",
      "/api/../metrics",
    ])
      expect(await statusOf(port, { method: "GET", target }), target).toBe(404);
  });

  test("may know whether all is well, and that a token is asked for", async () => {
    const api = portOf(stack.api);
    for (const target of ["/health", "/ready", "/metrics", "/api/v1/session"])
      expect(await statusOf(api, { method: "GET", target }), target).toBe(200);
    expect(await statusOf(portOf(stack.web), { method: "GET", target: "/api/v1/session" })).toBe(200);
  });

  test("is nobody under another host's name", async () => {
    for (const port of [portOf(stack.api), portOf(stack.web)])
      for (const target of ["/", "/api/v1/session", "/sweeps/new", "/health", "/_next/static/x.js", "/nowhere"])
        expect(await statusOf(port, { method: "GET", target, headers: { host: "evil.example" } }), `${port} ${target}`).toBe(403);
  });
});

test("behind a reverse proxy a person's page reaches the API, whatever host the proxy names", async () => {
  const { id } = await call("createSweep", {
    body: SweepSpec.parse(diagnosticRuns({ runs: 1, steps: 4000, secondsPerStep: 0.05 })),
  });
  const steer = (action: "pause" | "resume" | "cancel", headers: Record<string, string>) =>
    statusOf(portOf(stack.web), {
      method: "POST",
      target: `/api/v1/sweeps/${id}/${action}`,
      headers: { cookie: `${sessionCookie}=${token}`, ...headers },
    });
  const own = { origin: "https://basin.example", "sec-fetch-site": "same-origin", "x-forwarded-proto": "https" };
  expect(await steer("pause", { ...own, host: "basin.example" })).toBe(200);
  expect(await steer("resume", own)).toBe(200);
  for (const origin of ["http://basin.example", "https://evil.example", "https://basin.example:8443"])
    expect(await steer("cancel", { origin, host: "basin.example" }), origin).toBe(403);
  expect(await steer("cancel", { ...own, host: "evil.example" })).toBe(403);
  expect(await steer("cancel", own)).toBe(200);
});

describe("the first token", () => {
  test("lies where this account alone reads it, and stands in no log", async () => {
    expect(token).toMatch(/^basin_[\w-]{32}$/);
    const mode = (path: string): string => (statSync(join(stack.directory, path)).mode & 0o777).toString(8);
    expect(mode("first-token")).toBe("600");
    expect(mode(".")).toBe(process.getuid?.() === 0 ? "710" : "700");
    const logs = readdirSync(join(stack.directory, "logs"));
    expect(logs).toContain("api.log");
    for (const log of logs) {
      expect(mode(`logs/${log}`), log).toBe("600");
      expect(readFileSync(join(stack.directory, "logs", log), "utf8")).not.toContain(token);
    }
    expect(stack.report()).not.toContain(token);
    expect(readFileSync(join(stack.directory, "logs", "api.log"), "utf8")).toContain(join(stack.directory, "first-token"));
  });

  test("the command line says where it is, and works with it", async () => {
    const without = await stack.basin(["sweep", "list"]);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain(`BASIN_TOKEN=$(cat ${join(stack.directory, "first-token")})`);
    expect((await stack.basinWith({ BASIN_TOKEN: token }, ["sweep", "list"])).code).toBe(0);
  });
});

describe("a browser", () => {
  let page: Page;
  let complaints: string[];
  let sweep: SweepId;

  beforeAll(async () => {
    ({ id: sweep } = await call("createSweep", { body: SweepSpec.parse(smallNetworks({ epochs: 5, seeds: 2 })) }));
    ({ page, complaints } = await openPage(browser));
  });

  const watch = () =>
    onTestFailed(async () =>
      console.error(`${page.url()}\n${complaints.join("\n")}\n${await page.locator("body").ariaSnapshot()}`),
    );
  const settled = (drawn: number) =>
    page.waitForFunction((least) => {
      const main = document.querySelector("main");
      if (!main || main.querySelector("[aria-busy=true], .mantine-Skeleton-root") !== null) return false;
      const figures = [...main.querySelectorAll("figure")];
      return figures.length >= least && figures.every((figure) => !/Drawing …|Loading the chart/.test(figure.textContent));
    }, drawn);

  test("signs in with it, and every page keeps to its policy", async () => {
    watch();
    await page.goto(stack.web);
    await page.getByLabel("Token", { exact: true }).fill(token);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("link", { name: "small networks", exact: true }).waitFor();
    await eventually(async () => (await call("getSweep", { params: { sweep } })).state === "completed", { timeoutSeconds: 60 });
    complaints.length = 0;
    const pages: [string, number][] = [
      ["/", 0],
      ["/sweeps/new", 0],
      [`/sweeps/${sweep}`, 0],
      [`/sweeps/${sweep}?tab=execution`, 1],
      [`/sweeps/${sweep}?tab=curves`, 1],
      [`/sweeps/${sweep}?tab=parameters`, 1],
      [`/sweeps/${sweep}?tab=initializations`, 1],
      [`/sweeps/${sweep}?tab=runs`, 0],
      [`/runs/${sweep}-0-0`, 1],
      [`/compare?groups=${sweep}`, 0],
      ["/experiments", 0],
      ["/datasets", 0],
      ["/trainers", 0],
      ["/settings", 0],
    ];
    for (const [path, figures] of pages) {
      const answer = await page.goto(`${stack.web}${path}`);
      const headers = answer?.headers() ?? {};
      const nonce = /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1];
      expect(nonce, path).toBeTruthy();
      expect(headers, path).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
      });
      expect(headers["cache-control"], path).toContain("no-store");
      await settled(figures);
      expect(
        await page.evaluate(
          () => [...document.scripts].filter((script) => script.src === "" && script.type === "" && script.nonce === "").length,
        ),
        `inline scripts without a nonce in ${path}`,
      ).toBe(0);
    }
    expect(complaints).toEqual([]);
  });

  test("shows the documentation to who is signed in, from the dashboard and from the API's own port", async () => {
    watch();
    for (const origin of [stack.web, stack.api]) {
      await page.goto(`${origin}/api/docs`);
      await page.getByText("Submit a sweep", { exact: true }).waitFor();
    }
    expect(complaints).toEqual([]);
  });

  describe("on a page of another port", () => {
    let foreign: Server;
    let elsewhere = "";
    let steered: SweepId;

    beforeAll(async () => {
      foreign = createServer((_request, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end("<!doctype html><title>Elsewhere</title><p>Elsewhere");
      });
      await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
      elsewhere = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
      const body = SweepSpec.parse(diagnosticRuns({ runs: 2, steps: 4000, secondsPerStep: 0.05 }));
      ({ id: steered } = await call("createSweep", { body }));
    });
    afterAll(async () => {
      await call("cancelSweep", { params: { sweep: steered } });
      foreign.close();
    });
    const state = async () => (await call("getSweep", { params: { sweep: steered } })).state;

    test("changes nothing with the person's cookie: neither by script nor by a form", async () => {
      const { origin } = new URL(stack.web);
      const cookies = await page.context().cookies(origin);
      expect(
        cookies.map(({ name }) => name),
        "the cookie knows no ports",
      ).toContain("basin_token");
      await page.goto(elsewhere);
      for (const base of [stack.web, stack.api]) {
        const url = `${base}/api/v1/sweeps/${steered}/pause`;
        for (const send of [
          (to: string) => fetch(to, { method: "POST", mode: "no-cors", credentials: "include" }).catch(() => undefined),
          (to: string) => navigator.sendBeacon(to),
        ]) {
          // The browser sends it and keeps the answer from the page.
          const sent = Promise.race([page.waitForEvent("requestfailed"), page.waitForEvent("requestfinished")]);
          await page.evaluate(`(${send.toString()})(${JSON.stringify(url)})`);
          expect((await sent).url()).toBe(url);
        }
        const shown = page.waitForResponse(url);
        await page.evaluate((to) => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = to;
          document.body.append(form);
          form.submit();
        }, url);
        const answer = await shown;
        expect(answer.status(), `form to ${base}`).toBe(403);
        expect((await answer.request().allHeaders()).cookie, "the browser sent it").toContain("basin_token=");
        await page.waitForURL(url);
        await page.goto(elsewhere);
      }
      expect(await state()).toBe("running");
      // The same request from a page of the dashboard is the person's own.
      await page.goto(stack.web);
      const own = await page.evaluate(
        (to) => fetch(to, { method: "POST" }).then(({ status }) => status),
        `/api/v1/sweeps/${steered}/pause`,
      );
      expect(own).toBe(200);
      expect(await state()).toBe("paused");
    });

    test("shows no page of the dashboard, nor the documentation, in a frame", async () => {
      await page.goto(elsewhere);
      for (const address of [stack.web, `${stack.web}/settings`, `${stack.api}/api/docs`]) {
        await page.evaluate((to) => {
          const frame = document.createElement("iframe");
          frame.src = to;
          document.body.replaceChildren(frame);
        }, address);
        await eventually(() => page.frames().some((frame) => frame.url().startsWith("chrome-error:")), {
          what: `${address} is not shown`,
        });
      }
    });
  });

  test("is asked for another token once its own is revoked, also on a page that only listens", async () => {
    watch();
    const { id, secret } = await call("createToken", { body: { name: "mallory" } });
    const context = await browser.newContext();
    const theirs = await context.newPage();
    await theirs.goto(stack.web);
    await theirs.getByLabel("Token", { exact: true }).fill(secret);
    await theirs.getByRole("button", { name: "Go on" }).click();
    await theirs.getByText("Live", { exact: true }).waitFor();
    await call("revokeToken", { params: { token: id } });
    await theirs.getByRole("heading", { name: "This Basin asks for a token" }).waitFor({ timeout: 10_000 });
    await context.close();
  });
});
