import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { arraysOf, jobScript, secondsOf, slurmTime, type SlurmJob } from "./job-script";

const job: SlurmJob = {
  pool: "gpu",
  trainers: 200,
  seconds: 4 * 3600,
  cpus: 8,
  memory: "16G",
  gpus: 0,
  partition: "short",
  account: null,
  natsUrl: "nats://login:4222",
  tokenFile: "/home/ada's/trainers.token",
  root: "/shared/basin",
  directory: "/shared/trainers",
  requeue: true,
};

test("times are read as people and as Slurm write them", () => {
  const cases = { "4h": 14_400, "90m": 5400, "1d12h": 129_600, "2d": 172_800, "4:00:00": 14_400, "1-12:00:30": 129_630 };
  for (const [text, seconds] of Object.entries(cases)) expect(secondsOf(text), text).toBe(seconds);
  for (const text of ["", "4", "h", "4 h", "-1h", "4:00", "1.5h"]) expect(secondsOf(text), text).toBeNull();
  expect(slurmTime(129_630)).toBe("1-12:00:30");
});

test("no index reaches MaxArraySize, and every trainer has one number", () => {
  expect(arraysOf(200, 1001)).toEqual([{ first: 0, array: "0-199" }]);
  expect(arraysOf(2500, 1000)).toEqual([
    { first: 0, array: "0-999" },
    { first: 1000, array: "0-999" },
    { first: 2000, array: "0-499" },
  ]);
});

test("what Slurm is asked for stands before the first command, and what was not said is not asked for", () => {
  const lines = jobScript(job).split("\n");
  const asked = lines.filter((line) => line.startsWith("#SBATCH")).map((line) => line.replace("#SBATCH --", ""));
  expect(asked).toEqual([
    ...["job-name=basin-gpu", "time=0-04:00:00", "signal=B:TERM@90", "requeue", "open-mode=append", "nodes=1", "ntasks=1"],
    ...["cpus-per-task=8", "mem=16G", "partition=short", "output=/shared/trainers/%x-%A_%a.log"],
  ]);
  const last = lines.findLastIndex((line) => line.startsWith("#SBATCH"));
  expect(lines.slice(0, last).filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});

/** A folder in which `node` and `scontrol` say what they were told; the program stands in the place of the trainer. */
function place(program: string): { folder: string; script: string; env: NodeJS.ProcessEnv } {
  const folder = mkdtempSync(join(tmpdir(), "basin slurm'"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const [name, text] of Object.entries({ node: program, scontrol: `echo "$*" > "$OUT/requeued"` })) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const script = join(folder, "job.sh");
  writeFileSync(script, jobScript({ ...job, directory: folder }));
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH ?? ""}`,
    OUT: folder,
    BASIN_FIRST: "1000",
    SLURM_ARRAY_JOB_ID: "7",
    SLURM_ARRAY_TASK_ID: "3",
    SLURM_JOB_ID: "11",
  };
  return { folder, script, env };
}

test("a job trains under a name and in a folder of its own, and ends as its trainer does", () => {
  const { folder, script, env } = place(`env > "$OUT/env"; exit 7`);
  expect(spawnSync("bash", [script], { env }).status).toBe(7);
  const told = readFileSync(join(folder, "env"), "utf8");
  for (const line of [
    "NATS_URL=nats://login:4222",
    "NATS_TOKEN_FILE=/home/ada's/trainers.token",
    "BASIN_POOL=gpu",
    "BASIN_TRAINER_NAME=slurm-7-1003",
    `BASIN_TRAINER_DIR=${folder}/slurm-7-1003`,
    "BASIN_SLOTS=8",
  ])
    expect(told.split("\n")).toContain(line);
  expect(existsSync(join(folder, "slurm-7-1003"))).toBe(true);
  expect(existsSync(join(folder, "requeued"))).toBe(false);
});

test("told before its time is over, the shell tells the trainer, waits until it has handed back, and asks for another turn", async () => {
  const { folder, script, env } = place(
    `trap 'sleep 0.3; touch "$OUT/handed-back"; exit 0' TERM; touch "$OUT/trains"; while true; do sleep 0.05; done`,
  );
  const child = spawn("bash", [script], { env, stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  while (!existsSync(join(folder, "trains"))) await sleep(20);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(existsSync(join(folder, "handed-back"))).toBe(true);
  expect(readFileSync(join(folder, "requeued"), "utf8")).toBe("requeue 11\n");
});
