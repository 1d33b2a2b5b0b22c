import { InvalidArgumentError, Option, type Command } from "commander";

const json = (): Option => new Option("--json", "print JSON on stdout, words for people on stderr");

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It must be a number greater than 0.");
  return value;
}

function wholePositive(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}

const agentHelp = `
The command gets the parameters and the seed as arguments (--learningRate 0.1 --seed 3, or where {learningRate} and {seed} stand in it) and in
its environment: BASIN_PARAM_LEARNING_RATE …, BASIN_PARAMETERS (JSON), BASIN_SEED, BASIN_RUN, BASIN_SWEEP, BASIN_ATTEMPT, BASIN_SLOT, BASIN_FOLDER.

It measures by lines of JSON on stdout, or in the file BASIN_METRICS_FILE
  {"step": 3, "loss": 0.2}     a point of a series
  {"loss": 0.1}                final figures; left out: the last of the series
  {"labels": {"law": "…"}}     words
What else it writes is kept as the run's log. Exit code 0: finished; 75: to be tried later, without a strike; others: failed, with the end of the log.
What it writes into BASIN_CHECKPOINT_FILE is kept, and is there again when another attempt goes on. On SIGTERM it has 20 s.

Examples
  basin agent k3v9x2mq -- ./train.sh
  basin agent k3v9x2mq --slots 4 --timeout 600 -- ./fit --rate {learningRate} --seed {seed}
  CUDA_VISIBLE_DEVICES=0,1 basin agent k3v9x2mq --slots 2 -- python train.py
`;

/** Commands for training code that is not Basin's. */
export function registerOutsideCommands(program: Command): void {
  const experiment = program.command("experiment").description("experiments whose training code is yours");
  experiment
    .command("add <file>")
    .description("register the experiment that a file of YAML or JSON describes; the same descriptor is the same version")
    .option("--id <id>", "default: `id` in the file")
    .addOption(json())
    .action(async (file: string, flags: { id?: string; json?: boolean }) => (await import("./experiment")).add(file, flags));
  experiment
    .command("versions <experiment>")
    .description("its versions, newest first")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./experiment")).versions(id, flags));

  program
    .command("agent <sweep> [command...]")
    .description("train a sweep's runs by a command of your own, one process per slot, until the sweep has ended")
    .option("--slots <n>", "runs at a time (default: the cores)", wholePositive)
    .option("--timeout <seconds>", "a run that takes longer has failed (default: none)", positive)
    .option("--gpus <ids>", "each slot sees one of these (default: those of CUDA_VISIBLE_DEVICES); none: all see all")
    .option("--runs <n>", "take at most so many, then end", wholePositive)
    .addOption(json())
    .addHelpText("after", agentHelp)
    .action(async (sweep: string, command: string[], flags: object) =>
      (await import("../agent/agent")).agent(sweep, command, flags),
    );
}
