import { call } from "@basin/client";
import { freePorts, workspaceRoot } from "@basin/stack";
import { eventually } from "@basin/testing";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { dashboards } from "../../tools/monitoring/dashboards";
import { smallNetworks } from "../harness/specs";
import { submit, waitForSweep } from "../harness/sweep-facts";
import { TestStack } from "../harness/test-stack";

const infra = join(workspaceRoot(), "infra", "prometheus");
const promtool = (...args: string[]): string =>
  execFileSync("promtool", args, { cwd: infra, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

let stack: TestStack;
let prometheus: ChildProcess;
let url: string;
let directory: string;

beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env: { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: "1" } });
  directory = mkdtempSync(join(tmpdir(), "basin-prometheus-"));
  const [port = 0] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  const targets = {
    "basin-api": new URL(stack.api).host,
    "basin-trainer": new URL(stack.at("trainer-1").replace("metrics on ", "")).host,
  };
  writeFileSync(
    join(directory, "prometheus.yml"),
    JSON.stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [join(infra, "rules.yml")],
      scrape_configs: Object.entries(targets).map(([job, target]) => ({
        job_name: job,
        static_configs: [{ targets: [target] }],
      })),
    }),
  );
  prometheus = spawn(
    "prometheus",
    [
      `--config.file=${directory}/prometheus.yml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
});
afterAll(async () => {
  prometheus.kill("SIGTERM");
  await stack.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => stack.reportOnFailure());

interface Answer {
  status: string;
  error?: string;
  data: { result: { value: [number, string] }[] };
}

async function ask(expr: string): Promise<number[]> {
  const answer = (await (await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`)).json()) as Answer;
  if (answer.status !== "success") throw new Error(`${expr}: ${answer.error ?? "no answer"}`);
  return answer.data.result.map(({ value }) => Number(value[1]));
}

test("promtool takes the configuration and the rules, and each alert fires on what it is for", () => {
  expect(promtool("check", "config", "prometheus.yml")).toContain("SUCCESS");
  expect(promtool("check", "rules", "rules.yml")).toContain("SUCCESS");
  expect(promtool("test", "rules", "rules-test.yml")).toContain("SUCCESS");
});

test("every query of every panel is answered while a sweep runs, and no alert is pending that should not be", async () => {
  const { id } = await submit(stack.api, {
    ...smallNetworks({ epochs: 4000, seeds: 8, maxPackWidth: 4 }),
    experiment: "loss-minimization",
  });
  await waitForSweep(stack.api, id, ({ counts }) => counts.succeeded > 0, { timeoutSeconds: 300, what: "a run has ended" });
  const queries = Object.values(dashboards).flatMap(({ title, panels }) =>
    panels.flatMap(({ title: panel, queries: list, needs }) =>
      needs === "gpu"
        ? []
        : list.map(({ expr }) => ({ where: `${title} / ${panel}`, expr: expr.replaceAll("$pool", "default") })),
    ),
  );
  expect(queries.length).toBeGreaterThan(30);
  let unanswered: typeof queries = [];
  await eventually(
    async () => {
      const answers = await Promise.all(queries.map(({ expr }) => ask(expr)));
      unanswered = queries.filter((_, i) => answers[i]?.length === 0);
      return unanswered.length === 0;
    },
    { timeoutSeconds: 60, what: "every query is answered" },
  ).catch((error: unknown) => {
    throw new Error(
      `${(error as Error).message}; nobody answers\n${unanswered.map(({ where, expr }) => `${where}: ${expr}`).join("\n")}`,
    );
  });
  expect((await call(stack.api, "getSweep", { params: { sweep: id } })).state, "the sweep still ran").toBe("running");
  // What is plotted is what the ledger says.
  expect(await ask("sum(basin_leader)")).toEqual([1]);
  expect(await ask("max(basin_sweep_runs_planned)")).toEqual([72]);
  expect((await ask("basin:pool_slots_used:ratio")).length).toBe(1);
  expect(await ask('ALERTS{alertname!="BasinSpoolDiskLow"}')).toEqual([]);
  await call(stack.api, "cancelSweep", { params: { sweep: id } });
});
