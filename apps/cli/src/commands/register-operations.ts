import type { Command, Option } from "commander";
import type { SlurmFlags } from "./slurm";

const backupExamples = `
Of the ledger that DATABASE_URL names, else of the data directory (BASIN_DATA_DIR), whether or not its stack runs. FILE - is standard output or input.

Examples
  basin backup basin-monday.basin                       everything, of one moment, while sweeps go on
  basin backup k3v9x2mq.basin --sweep k3v9x2mq          one sweep with all that it needs
  BASIN_DATA_DIR=.basin-new basin restore basin-monday.basin
  basin import k3v9x2mq.basin                           the sweep, beside those that are there
`;

const slurmExamples = `
NATS_URL names the NATS that the nodes reach; the folder of the checkout and --dir are the same on every node. A trainer is told 90 s before its time is over, and when it is
preempted: it hands back what it trains, with checkpoints, without a strike.

Examples
  basin slurm --pool gpu --trainers 200 --time 4h --gpus 1 --token-file trainers.token
  basin slurm --pool default --trainers 2500 --time 1d --cpus 8 --requeue --submit
`;

/** What keeps a ledger for years, and what brings further machines. */
export function registerOperations(
  program: Command,
  json: () => Option,
  wholeNumber: (minimum: number, maximum: number) => (text: string) => number,
): void {
  program
    .command("slurm")
    .description("write, or submit, a job array of trainers for a Slurm cluster")
    .requiredOption("--trainers <n>", "jobs, one trainer each", wholeNumber(1, 100_000))
    .requiredOption("--time <time>", "of a job, e.g. 4h or 1-12:00:00")
    .option("--pool <pool>", "that they belong to", "default")
    .option("--cpus <n>", "per job; without GPUs one slot each", wholeNumber(1, 1024), 4)
    .option("--memory <size>", "per job, as Slurm writes it, e.g. 16G")
    .option("--gpus <n>", "per job", wholeNumber(0, 16), 0)
    .option("--partition <name>", "default: the cluster's")
    .option("--account <name>", "default: yours")
    .option("--dir <folder>", "identities, spools, logs and the script, on a file system of all nodes (default: basin-trainers)")
    .option("--token-file <file>", "that `basin trainer token` printed into, readable on every node")
    .option("--max-array <n>", "jobs per array (default: the cluster's MaxArraySize)", wholeNumber(1, 4_000_000))
    .option("--requeue", "a job whose time is over waits for its next turn")
    .option("--submit", "with sbatch, instead of saying the commands")
    .addOption(json())
    .addHelpText("after", slurmExamples)
    .action(async (flags: SlurmFlags) => (await import("./slurm")).slurm(flags));
  program
    .command("nats")
    .description("a NATS server of your own")
    .command("config")
    .description("make keys, unless they are there, and print the lines by which a server lets in whom they vouch for")
    .requiredOption("--dir <folder>", "of the keys; the API reads it (BASIN_NATS_KEYS)")
    .option("--accounts <folder>", "where the server keeps what it is told of accounts", "/data/accounts")
    .action(async (flags: { dir: string; accounts: string }) => (await import("./nats-config")).natsConfig(flags));
  program
    .command("backup <file>")
    .description("write the ledger, or one sweep, into a file; sweeps go on meanwhile")
    .option("--sweep <sweep>", "this one and what it needs, to be imported elsewhere")
    .addOption(json())
    .addHelpText("after", backupExamples)
    .action(async (file: string, flags: { sweep?: string; json?: boolean }) => (await import("./ledger")).backup(file, flags));
  program
    .command("restore <file>")
    .description("fill an empty ledger from a backup, also from one of an older version")
    .addOption(json())
    .addHelpText("after", backupExamples)
    .action(async (file: string, flags: { json?: boolean }) => (await import("./ledger")).restore(file, flags));
  program
    .command("import <file>")
    .description("add the sweep of a file that `backup --sweep` wrote")
    .addOption(json())
    .addHelpText("after", backupExamples)
    .action(async (file: string, flags: { json?: boolean }) => (await import("./ledger")).importFile(file, flags));
}
