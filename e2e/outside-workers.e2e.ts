import { call } from "@basin/client";
import { type SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { completed, expectNothingLostNothingDouble, waitForSweep } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

const root = fileURLToPath(new URL("..", import.meta.url));
const client = join(root, "clients/python");
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({
    trainers: 0,
    env: { BASIN_LEASE_SECONDS: "4", BASIN_HEARTBEAT_SECONDS: "1", BASIN_CHECKPOINT_SECONDS: "1" },
  });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

const environment = (origin: string): NodeJS.ProcessEnv => ({
  ...process.env,
  BASIN_URL: origin,
  PYTHONPATH: `${join(client, "src")}:${join(client, "tests")}`,
  PYTHONDONTWRITEBYTECODE: "1",
});

/** A worker of the client's slow function, for one sweep. */
function worker(origin: string, sweep: SweepId): ChildProcess {
  const program =
    "import sys, basin\nfrom test_live import slow\nc = basin.connect()\nprint(basin.work(slow, client=c, sweep=c.sweep(sys.argv[1]), slots=2))";
  const child = spawn("python3", ["-c", program, sweep], { env: environment(origin), stdio: ["ignore", "inherit", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.once("exit", resolve));

const runs = 6;
const steps = 40;

function submitSlow(): SweepId {
  const program = `import basin\nfrom test_live import slow\nprint(basin.connect().submit(slow, seeds=${runs}).id)`;
  return execFileSync("python3", ["-c", program], { env: environment(stack.api), encoding: "utf8" }).trim() as SweepId;
}

const inTheMiddle = (id: SweepId) =>
  waitForSweep(stack.api, id, ({ counts }) => counts.succeeded > 0 && counts.running > 0, {
    timeoutSeconds: 60,
    what: "the middle",
  });

const whole = async (id: SweepId) => {
  await completed(stack.api, id, 90);
  return expectNothingLostNothingDouble(stack.api, id, { runs, metric: "loss", steps, first: 0 });
};

/** Between a client and the API: of two requests it drops one, before it arrives or after it was done. */
function droppingProxy(): Promise<{ server: Server; url: string; dropped: () => number }> {
  let count = 0;
  let dropped = 0;
  const target = new URL(stack.api);
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const fate = count % 4;
    if (fate === 1) {
      dropped += 1;
      incoming.socket.destroy();
      return;
    }
    const { method, url, headers } = incoming;
    const forwarded = request(
      { host: target.hostname, port: target.port, method, path: url, headers: { ...headers, host: target.host } },
      (answer) => {
        if (fate === 3) {
          dropped += 1;
          answer.resume();
          answer.once("end", () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.once("error", () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ server, url: `http://127.0.0.1:${port}`, dropped: () => dropped });
    });
  });
}

describe("each run of an outside worker is committed once, every series whole, after", () => {
  test("kill -9 of the worker", async () => {
    const id = submitSlow();
    const first = worker(stack.api, id);
    await inTheMiddle(id);
    first.kill("SIGKILL");
    await ended(first);
    expect(await ended(worker(stack.api, id))).toBe(0);
    const details = await whole(id);
    expect(details.filter(({ attempts }) => attempts.length === 2).length).toBeGreaterThan(0);
  });

  test("kill -9 of the API", async () => {
    const id = submitSlow();
    const child = worker(stack.api, id);
    await inTheMiddle(id);
    await stack.killAndComeBack("api");
    expect(await ended(child)).toBe(0);
    await whole(id);
  });

  test("a network that drops half of the requests", async () => {
    const { server, url, dropped } = await droppingProxy();
    onTestFinished(() => void server.close());
    const id = submitSlow();
    expect(await ended(worker(url, id))).toBe(0);
    const details = await whole(id);
    expect(dropped()).toBeGreaterThan(10);
    expect(details.every(({ attempts }) => attempts.length === 1)).toBe(true);
  });
});

test("a command without Python trains a sweep: metrics, log, exit codes, time limit", async () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-agent-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const basin = (...given: string[]): string =>
    execFileSync(process.execPath, [join(root, "apps/cli/dist/basin.js"), ...given], {
      env: environment(stack.api),
      encoding: "utf8",
      cwd: folder,
    });
  const example = join(root, "examples/any-command");
  const added = JSON.parse(basin("experiment", "add", join(example, "experiment.yaml"), "--json")) as { ref: string };
  const sweep = JSON.parse(basin("sweep", "submit", join(example, "sweep.yaml"), "--json")) as {
    id: SweepId;
    spec: { experiment: string };
  };
  expect(sweep.spec.experiment).toBe(added.ref);
  const counts = JSON.parse(basin("agent", sweep.id, "--slots", "2", "--json", "--", join(example, "train.sh"))) as object;
  expect(counts).toMatchObject({ committed: 6, failed: 0 });
  await completed(stack.api, sweep.id);
  const { items } = await call(stack.api, "listRuns", { params: { sweep: sweep.id }, query: {} });
  expect(items.every(({ state, metrics }) => state === "succeeded" && Object.keys(metrics).length > 0)).toBe(true);
  const detail = await call(stack.api, "getRun", { params: { run: items[0]!.id } });
  const log = detail.artifacts.find(({ kind }) => kind === "log");
  const content = await (await fetch(`${stack.api}/api/v1/artifacts/${log?.id ?? ""}/content`)).text();
  expect(content).toContain("rate");
  expect(detail.attempts[0]?.provenance).toMatchObject({
    client: "basin agent",
    commandLine: expect.stringContaining("train.sh") as string,
  });

  const oneRun = (): { id: SweepId } => {
    const changes = ["seeds.count=1", "rate=0.1", "retryLimit=0"].flatMap((change) => ["--set", change]);
    return JSON.parse(basin("sweep", "submit", join(example, "sweep.yaml"), ...changes, "--json")) as { id: SweepId };
  };
  const failing = oneRun();
  writeFileSync(join(folder, "bad.sh"), '#!/bin/sh\necho \'{"step": 0, "los": 1}\'\nsleep 30\n', { mode: 0o755 });
  basin("agent", failing.id, "--slots", "1", "--json", "--", "./bad.sh");
  const [run] = (await call(stack.api, "listRuns", { params: { sweep: failing.id }, query: {} })).items;
  expect(run).toMatchObject({
    state: "failed",
    reason: expect.stringContaining('no series "los"; did you mean loss?') as string,
  });
  const slow = oneRun();
  basin("agent", slow.id, "--slots", "1", "--timeout", "1", "--json", "--", "sleep", "30{seed}");
  const [late] = (await call(stack.api, "listRuns", { params: { sweep: slow.id }, query: {} })).items;
  expect(late).toMatchObject({ state: "failed", reason: expect.stringContaining("time limit") as string });
}, 180_000);

test("the command of a run that a stopping rule stops is ended, and its slot takes the next run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-agent-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const example = join(root, "examples/any-command");
  const basin = (...given: string[]): string =>
    execFileSync(process.execPath, [join(root, "apps/cli/dist/basin.js"), ...given], {
      env: environment(stack.api),
      encoding: "utf8",
      cwd: folder,
    });
  basin("experiment", "add", join(example, "experiment.yaml"), "--json");
  const body = {
    experiment: "newton-root",
    space: { number: [2, 9] },
    seeds: { count: 2 },
    stopping: { rule: "threshold" as const, metric: "loss", threshold: 5, rungs: [3] },
  };
  const { id } = await call(stack.api, "createSweep", { body });
  // Bad runs would go on for ever.
  const script =
    '#!/bin/sh\necho "{\\"step\\": 3, \\"loss\\": $BASIN_PARAM_NUMBER}"\n[ "$BASIN_PARAM_NUMBER" = 2 ] || sleep 300\necho \'{"error": 0}\'\n';
  writeFileSync(join(folder, "train.sh"), script, { mode: 0o755 });
  const counts = JSON.parse(basin("agent", id, "--slots", "1", "--json", "--", "./train.sh")) as object;
  expect(counts).toMatchObject({ committed: 2, stopped: 2, handedBack: 0 });
  const { items } = await call(stack.api, "listRuns", { params: { sweep: id }, query: { state: ["pruned"] } });
  expect(items.map(({ reason }) => reason)).toEqual(Array(2).fill("9 at step 3 is worse than the bound of 5"));
}, 60_000);

/** A virtual environment with the client and what its data frames need; null: it cannot be made here. */
function environmentWithClient(): string | null {
  const folder = join(root, ".peers/client-test");
  const python = join(folder, "bin/python");
  try {
    if (!existsSync(python)) execFileSync("python3", ["-m", "venv", folder]);
    execFileSync(python, ["-m", "pip", "install", "--quiet", `${client}[frames]`, "nbformat", "nbclient", "ipykernel"], {
      stdio: "pipe",
    });
    return python;
  } catch (error) {
    console.warn(`README's lines and the notebook are not tried: ${error instanceof Error ? error.message.split("\n")[0] : ""}`);
    return null;
  }
}

test("README's ten lines, the examples and the notebook run from top to bottom", async () => {
  const python = environmentWithClient();
  if (python === null) return;
  const told = { ...process.env, BASIN_URL: stack.api };
  const lines = /```python\n([\s\S]*?)```/.exec(readFileSync(join(client, "README.md"), "utf8"))?.[1] ?? "";
  const printed = execFileSync(python, ["-c", lines], { env: told, encoding: "utf8", cwd: tmpdir() });
  expect(printed).toContain("[6 rows");
  const [sweep] = (await call(stack.api, "listSweeps", { query: { limit: 1 } })).items;
  expect(sweep).toMatchObject({ state: "completed", counts: { succeeded: 30 } });
  execFileSync(python, [join(root, "examples/numpy-perceptron/perceptron.py"), "--seeds", "3"], { env: told });
  const notebook = join(root, "examples/notebook/pendulum.ipynb");
  const execute =
    "import sys, nbformat, nbclient\nnotebook = nbformat.read(sys.argv[1], 4)\nnbclient.NotebookClient(notebook, timeout=120).execute()\nprint(sum(len(c.get('outputs', [])) for c in notebook.cells))";
  const outputs = Number(execFileSync(python, ["-c", execute, notebook], { env: told, encoding: "utf8" }));
  expect(outputs).toBeGreaterThan(3);
  await eventually(async () => (await call(stack.api, "listSweeps", { query: { limit: 1 } })).items[0]?.state === "completed");
}, 600_000);
