import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { readSettings } from "../settings";
import { arraysOf, jobScript, leastSeconds, secondsOf } from "../slurm/job-script";

export interface SlurmFlags {
  pool: string;
  trainers: number;
  time: string;
  cpus: number;
  memory?: string;
  gpus: number;
  partition?: string;
  account?: string;
  dir?: string;
  tokenFile?: string;
  maxArray?: number;
  requeue?: boolean;
  submit?: boolean;
  json?: boolean;
}

/** Slurm's own default. */
const defaultMaxArraySize = 1001;

function run(command: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error) throw new CommandFailed(exitCodes.unavailable, `${command} does not run here: ${error.message}`);
  if (status !== 0) throw new CommandFailed(exitCodes.unavailable, `${command}: ${(stderr || stdout).trim()}`);
  return stdout;
}

/** What the cluster allows, where it can be asked. */
function maxArraySize(asked: number | undefined, submit: boolean): number {
  if (asked !== undefined) return asked;
  if (!submit) return defaultMaxArraySize;
  const found = /MaxArraySize\s*=\s*(\d+)/.exec(run("scontrol", ["show", "config"]))?.[1];
  return found === undefined ? defaultMaxArraySize : Number(found);
}

/** Writes the script of a job array of trainers, and submits it if asked. */
export function slurm(flags: SlurmFlags): void {
  const output = new Output(flags.json ?? false);
  const seconds = secondsOf(flags.time);
  if (seconds === null || seconds < leastSeconds)
    throw new CommandFailed(
      exitCodes.badInput,
      `--time ${flags.time}: it must be at least 5m, e.g. 4h, 90m, 1d12h or 1-12:00:00`,
    );
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(flags.pool))
    throw new CommandFailed(exitCodes.badInput, `--pool ${flags.pool}: it must have 1 to 32 lower-case letters, digits or '-'`);
  const { root, natsUrl } = readSettings();
  if (natsUrl === null)
    throw new CommandFailed(
      exitCodes.badInput,
      "NATS_URL is not set; it must name the NATS that the nodes reach, e.g. nats://login-node:4222",
    );
  if (/\/\/[^/@]*:[^/@]*@/.test(natsUrl))
    throw new CommandFailed(
      exitCodes.badInput,
      "NATS_URL holds a password, which every user of the cluster could read in the script; give --token-file",
    );
  const tokenFile = flags.tokenFile === undefined ? null : resolve(flags.tokenFile);
  if (tokenFile !== null && !existsSync(tokenFile))
    throw new CommandFailed(exitCodes.badInput, `--token-file: there is no file ${tokenFile}`);
  const directory = resolve(flags.dir ?? "basin-trainers");
  const { pool, trainers, cpus, gpus, memory = null, partition = null, account = null, requeue = false } = flags;
  mkdirSync(directory, { recursive: true });
  const script = join(directory, `${pool}.sbatch`);
  writeFileSync(
    script,
    jobScript({
      pool,
      trainers,
      seconds,
      cpus,
      memory,
      gpus,
      partition,
      account,
      natsUrl,
      tokenFile,
      root,
      directory,
      requeue,
    }),
  );
  const commands = arraysOf(trainers, maxArraySize(flags.maxArray, flags.submit ?? false)).map(({ first, array }) => [
    ...["sbatch", "--parsable", `--array=${array}`, `--export=ALL,BASIN_FIRST=${first}`],
    script,
  ]);
  const jobs = flags.submit === true ? commands.map(([command = "", ...args]) => run(command, args).trim()) : [];
  output.result({ script, commands, jobs }, () =>
    jobs.length > 0
      ? [`${trainers} trainers of pool ${pool} are submitted: ${jobs.join(", ")}`, `script and logs: ${directory}`]
      : [script, ...commands.map((command) => command.join(" "))],
  );
}
