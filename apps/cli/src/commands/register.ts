import { InvalidArgumentError, Option, type Command } from "commander";
import { exitCodes } from "../exit";
import type { UploadFlags } from "../upload-file";
import { registerAccess } from "./register-access";
import { registerOperations } from "./register-operations";
import { registerOutsideCommands } from "./register-outside";

const json = (): Option => new Option("--json", "print JSON on stdout, words for people on stderr");

const yes = (): Option =>
  new Option("-y, --yes", "do not ask; nothing is asked either where there is no terminal, or with --json");

function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

const collect = (value: string, before: string[]): string[] => [...before, value];

const about = `
Basin trains many small neural networks and tells which configurations, and which initializations, reach the right basin.

Exit codes
  ${exitCodes.ok}    fine
  ${exitCodes.runsLost}    the sweep ended with failed or missing runs
  ${exitCodes.badInput}    wrong command line, file or id, or the sweep's state does not allow it
  ${exitCodes.unavailable}    the API does not answer, or the local stack could not start
  ${exitCodes.interrupted}  interrupted

Environment
  BASIN_URL            API that client commands talk to (default: the running local stack, http://127.0.0.1:4001)
  BASIN_DATA_DIR       data of the local stack (default: .basin in the checkout)
  BASIN_TOKEN          sent to an API that asks for one (BASIN_AUTH=token); \`up\` says where the first one is
  BASIN_PUBLIC_URL     where people open the dashboard behind a proxy, e.g. https://basin.example
  BASIN_ALLOWED_HOSTS  further names under which dashboard and API may be addressed, separated by commas
  BASIN_EXTENSIONS     packages with experiments of your own, separated by commas
  BASIN_WEB_PORT, BASIN_API_PORT, BASIN_POSTGRES_PORT, BASIN_NATS_PORT    4000, 4001, 54329, 42229
  BASIN_NATS_HOST      where the embedded NATS listens (default: 127.0.0.1), for trainers on other machines
  DATABASE_URL, NATS_URL    servers to use in place of the embedded ones
  NATS_TOKEN, or NATS_USER and NATS_PASSWORD    with NATS_URL: as whom; NATS_CA, NATS_CERT, NATS_KEY: files for TLS
  DATABASE_URL_FILE, NATS_TOKEN_FILE, BASIN_TOKEN_FILE …    each secret may stand in a file instead

Examples
  basin up                                  the whole stack, until Ctrl-C
  basin demo                                180 networks in some seconds: which initializations learn XOR?
  basin sweep submit sweep.yaml --watch
  basin results k3v9x2mq --group-by activation
  basin compare k3v9x2mq:activation=tanh k3v9x2mq:activation=relu
  basin dataset add measurements.csv
  basin export k3v9x2mq --what metrics --format ndjson -o metrics.ndjson
`;

const submitExamples = `
A sweep in YAML (JSON works as well; contracts: GET /api/v1/catalog)
  experiment: loss-minimization
  space:
    learningRate: { type: choice, values: [3e-4, 1e-3, 3e-3] }
    activation:   { type: choice, values: [tanh, relu, gelu] }
    epochs:       { type: fixed, value: 500 }
  seeds: { count: 5 }

Examples
  basin sweep submit sweep.yaml --watch
  basin sweep submit sweep.yaml --dry-run                 check it and count the runs
  basin sweep submit sweep.yaml --set seeds.count=20 --set epochs=100 --set 'activation=[tanh, sine]'
  cat sweep.json | basin sweep submit - --json
`;

const compareExamples = `
Examples
  basin compare k3v9x2mq:activation=tanh k3v9x2mq:activation=relu          two configurations over their initializations
  basin compare k3v9x2mq 8fd20xcv --metric testRmse                        two sweeps
  basin compare k3v9x2mq-0-3 k3v9x2mq-0-4                                  two runs
`;

/** Declares every command. What a command needs is loaded when it runs: `up` never loads the API's schemas. */
export function registerCommands(program: Command): void {
  program
    .description("Distributed experiments for many small neural networks.")
    .addHelpText("after", about)
    .showHelpAfterError("(basin --help shows what there is)")
    .exitOverride();

  program
    .command("up")
    .description("start the whole stack on this machine and keep it up until Ctrl-C")
    .option("--trainers <n>", "trainer processes; they share the cores", wholeNumber(0, 64), 1)
    .option("--apis <n>", "API processes; the first serves BASIN_API_PORT", wholeNumber(1, 16), 1)
    .option("--no-web", "without the dashboard")
    .addOption(new Option("--json", "print every event as a line of JSON on stdout"))
    .action(async (flags: { trainers: number; apis: number; web: boolean; json?: boolean }) => {
      const { up } = await import("./up");
      await up({ ...flags, json: flags.json ?? false });
    });

  program
    .command("demo")
    .description("run the demo sweep: three logic gates × three networks × 20 initializations")
    .option("--quick", "8 initializations")
    .option("--once", "stop the stack at the end; --json does so, too")
    .option("--keep", "leave the stack up afterwards, until Ctrl-C (the default without --once and --json)")
    .option("--json <file>", "write the result as a report (- for stdout)")
    .addHelpText(
      "after",
      "\nUses the running stack of the data directory, or starts one. Ends with 1 when a run was lost.\nCtrl-C stops the stack; an unfinished sweep goes on at the next start.\n",
    )
    .action(async (flags: { quick?: boolean; once?: boolean; keep?: boolean; json?: string }) => {
      const { demo } = await import("../demo/demo");
      const keep = flags.keep ?? !(flags.once === true || flags.json !== undefined);
      await demo({ quick: flags.quick ?? false, keep, reportFile: flags.json ?? null });
    });

  program
    .command("reproduce")
    .description("run the catalogue's experiments and hold them against their sources")
    .option("--all", "every experiment; a night's work")
    .option("--only <id>", "one experiment, or one of its rows' plans; repeatable", collect, [])
    .option("--seeds <n>", "initializations (default: at least 5)", wholeNumber(1, 1000))
    .option(
      "--quick",
      "fewer initializations and some smaller settings, within five minutes; what needs the full ones is not judged",
    )
    .option("--mnist <file>", "mnist.npz, which is not part of the repository; without it mnist is not judged")
    .option("--keep", "leave the stack up afterwards, until Ctrl-C")
    .option("--json <file>", "write the rows as a report (- for stdout)")
    .addHelpText(
      "after",
      "\nUses the running stack of the data directory, or starts one and stops it at the end. Ends with 0 when everything was measured,\nwhether or not the criteria were met, and with 1 when a run failed. Ctrl-C cancels the sweeps and shows what there is.\n",
    )
    .action(
      async (flags: {
        all?: boolean;
        only: string[];
        seeds?: number;
        quick?: boolean;
        keep?: boolean;
        json?: string;
        mnist?: string;
      }) => {
        const { reproduce } = await import("../reproduce/reproduce");
        const { all = false, only, seeds = null, quick = false, keep = false } = flags;
        await reproduce({ all, only, seeds, quick, keep, reportFile: flags.json ?? null, mnistFile: flags.mnist ?? null });
      },
    );

  registerOperations(program, json, wholeNumber);
  registerAccess(program, json, yes, wholeNumber);
  registerDatasetCommands(program.command("dataset").description("your own data: upload, list, remove"));
  registerOutsideCommands(program);
  const bin = program.command("bin").description("what was deleted and can be taken back; without a verb: what is in it");
  bin
    .command("list", { isDefault: true })
    .description("what is in it, and until when")
    .addOption(json())
    .action(async (flags: { json?: boolean }) => (await import("./bin")).list(flags));
  bin
    .command("empty")
    .description("remove everything in it for good")
    .option("--count <n>", "how many things are in it, in the place of typing it", wholeNumber(1, 1_000_000_000))
    .addOption(json())
    .action(async (flags: { count?: number; json?: boolean }) => (await import("./bin")).empty(flags));
  registerSweepCommands(program.command("sweep").description("submit, watch and steer sweeps"));

  const run = program.command("run").description("look at single runs, stop them, try them again");
  run
    .command("show <run>")
    .description("parameters, figures, attempts and artifacts of a run, e.g. k3v9x2mq-0-3")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./inspect")).runShow(id, flags));
  run
    .command("cancel <run...>")
    .description("stop runs of one sweep for good; finished ones stay")
    .addOption(yes())
    .addOption(json())
    .action(async (runs: string[], flags: { yes?: boolean; json?: boolean }) =>
      (await import("./inspect")).actOnRuns(runs, "cancelRuns", flags),
    );
  run
    .command("retry <run...>")
    .description("give failed or cancelled runs of one sweep a fresh retry budget")
    .addOption(json())
    .action(async (runs: string[], flags: { json?: boolean }) => (await import("./inspect")).actOnRuns(runs, "retryRuns", flags));

  program
    .command("compare <what...>")
    .description("runs, sweeps or configurations side by side, and whether two of them differ")
    .option("--metric <name>", "of the test between two; default: the first one's objective")
    .addOption(json())
    .addHelpText("after", compareExamples)
    .action(async (what: string[], flags: { metric?: string; json?: boolean }) =>
      (await import("./compare")).compare(what, flags),
    );

  program
    .command("results <sweep>")
    .description("the result grouped by configuration over initializations")
    .option("--group-by <parameters>", "comma-separated; default: every parameter that the sweep varies")
    .addOption(new Option("--sort <order>", "objective: best first").choices(["objective", "index"]).default("objective"))
    .option("--limit <n>", "configurations", wholeNumber(1, 10_000), 100)
    .addOption(json())
    .action(async (sweep: string, flags: { groupBy?: string; sort: "objective" | "index"; limit: number; json?: boolean }) =>
      (await import("./inspect")).results(sweep, flags),
    );

  program
    .command("export <sweep>")
    .description("every run, or every metric point, streamed as CSV or NDJSON")
    .addOption(new Option("--format <format>", "of the rows").choices(["csv", "ndjson", "parquet"]).default("csv"))
    .addOption(new Option("--what <what>", "one row per run, or per metric point").choices(["runs", "metrics"]).default("runs"))
    .option("-o, --output <file>", "default: stdout")
    .addOption(new Option("--json", "the same as --format ndjson").implies({ format: "ndjson" }))
    .action(async (sweep: string, flags: { format: "csv" | "ndjson" | "parquet"; what: "runs" | "metrics"; output?: string }) =>
      (await import("./inspect")).exportSweep(sweep, flags),
    );

  program
    .command("trainers")
    .description("the trainers, what they run on and what they run")
    .addOption(json())
    .action(async (flags: { json?: boolean }) => (await import("./inspect")).trainers(flags));
  const trainer = program.command("trainer").description("steer one trainer, named by its name or id");
  trainer
    .command("drain <trainer>")
    .description("hand its runs back, with what they have trained, and take no more")
    .addOption(yes())
    .addOption(json())
    .action(async (id: string, flags: { yes?: boolean; json?: boolean }) =>
      (await import("./inspect")).drain(id, "drainTrainer", flags),
    );
  trainer
    .command("undrain <trainer>")
    .description("take packs again after a drain")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./inspect")).drain(id, "undrainTrainer", flags));

  trainer
    .command("token")
    .description("make a token by which trainers of other machines join a pool, and say what to type there")
    .option("--pool <pool>", "of the trainers that join by it", "default")
    .option("--name <name>", "shown in the list of tokens")
    .option("--days <n>", "that it can be used for (default: until it is revoked)", wholeNumber(1, 3650))
    .addOption(json())
    .action(async (flags: { pool: string; name?: string; days?: number; json?: boolean }) =>
      (await import("./trainer-tokens")).makeToken(flags),
    );
  trainer
    .command("tokens")
    .description("tokens by which trainers join, and how many did")
    .addOption(json())
    .action(async (flags: { json?: boolean }) => (await import("./trainer-tokens")).tokens(flags));
  trainer
    .command("revoke <token>")
    .description("throw out the trainers that joined by a token, for good")
    .addOption(json())
    .action(async (token: string, flags: { json?: boolean }) => (await import("./trainer-tokens")).revokeToken(token, flags));

  program
    .command("catalog [experiment]")
    .description("experiments and search algorithms, or the parameters of one experiment")
    .option("--all", "diagnostic experiments too")
    .addOption(json())
    .action(async (experiment: string | undefined, flags: { all?: boolean; json?: boolean }) =>
      (await import("./inspect")).catalog(experiment, flags),
    );

  program
    .command("status")
    .description("what runs where, in a few lines")
    .addOption(json())
    .action(async (flags: { json?: boolean }) => (await import("./inspect")).status(flags));
}

function registerSweepCommands(sweep: Command): void {
  const setting = (): Option =>
    new Option("--set <key=value>", "replace a field (seeds.count=3) or set a parameter (epochs=100); repeatable")
      .argParser(collect)
      .default([], "none");
  sweep
    .command("submit <file>")
    .description("submit a sweep from a YAML or JSON file (- for stdin)")
    .option("--watch", "show it until it ends; the exit code says whether runs failed")
    .option("--dry-run", "check it, count its runs and submit nothing")
    .addOption(setting())
    .addOption(json())
    .addHelpText("after", submitExamples)
    .action(async (file: string, flags: { watch?: boolean; dryRun?: boolean; set: string[]; json?: boolean }) =>
      (await import("./sweep")).submit(file, flags),
    );
  sweep
    .command("watch <sweep>")
    .description("show a sweep until it ends")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./sweep")).watch(id, flags));
  sweep
    .command("list")
    .description("sweeps, newest first")
    .option("--state <states>", "comma-separated: running, paused, completed, cancelled")
    .option("--search <text>", "part of the name or the id")
    .option("--archived", "the archived ones, in the place of the others")
    .option("--limit <n>", "how many", wholeNumber(1, 1000), 50)
    .addOption(json())
    .action(async (flags: { state?: string; search?: string; archived?: boolean; limit: number; json?: boolean }) =>
      (await import("./sweep")).list(flags),
    );
  sweep
    .command("show <sweep>")
    .description("one sweep")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./sweep")).show(id, flags));
  const actions = [
    ["pause", "pauseSweep", "stop dispatching; running runs are checkpointed and handed back"],
    ["resume", "resumeSweep", "go on with a paused sweep"],
    ["cancel", "cancelSweep", "stop for good; finished runs stay"],
    ["archive", "archiveSweep", "leave it out of lists"],
    ["unarchive", "unarchiveSweep", "show it in lists again"],
    ["delete", "deleteSweep", "put it into the bin, from which it can be restored for some days"],
    ["restore", "restoreSweep", "take it out of the bin"],
    ["retry-failed", "retryFailed", "give every failed run a fresh retry budget"],
  ] as const;
  for (const [name, route, description] of actions) {
    const command = sweep.command(`${name} <sweep>`).description(description);
    if (name === "cancel" || name === "delete") command.addOption(yes());
    command
      .addOption(json())
      .action(async (id: string, flags: { yes?: boolean; json?: boolean }) => (await import("./sweep")).act(route, id, flags));
  }
  sweep
    .command("check-safe <sweep>")
    .description("what a stopping rule would have stopped of a sweep, and whether it would have lost the best")
    .option("--rule <rule>", "percentile, asha, patience or divergence", "asha")
    .option("--metric <series>", "reported while training; default: the objective, where it is")
    .option("--by <unit>", "run or trial")
    .addOption(json())
    .action(async (id: string, flags: { rule: string; metric?: string; by?: string; json?: boolean }) =>
      (await import("./check-safe")).checkSafe(id, flags),
    );
  sweep
    .command("race <sweep>")
    .description("seeds that each configuration got in a race, why it was stopped, and the winner on held-out seeds")
    .option("--between <trials>", "two trials by number, e.g. 0,3: how many more seeds decide between them")
    .option("--limit <n>", "configurations", wholeNumber(1, 1000), 50)
    .addOption(json())
    .action(async (id: string, flags: { between?: string; limit: number; json?: boolean }) =>
      (await import("./race")).race(id, flags),
    );
  sweep
    .command("pareto <sweep>")
    .description("trials that no other is better than in every objective")
    .option("--all", "the others as well")
    .option("--limit <n>", "trials", wholeNumber(1, 2000), 200)
    .addOption(json())
    .action(async (id: string, flags: { all?: boolean; limit: number; json?: boolean }) =>
      (await import("./pareto")).pareto(id, flags),
    );
  sweep
    .command("edit <sweep>")
    .description("change name, tags or notes")
    .option("--name <name>", "of the sweep")
    .option("--tag <tag...>", "its tags, in the place of those it has")
    .option("--notes <text>", "its notes, in the place of those it has (- for stdin)")
    .addOption(json())
    .action(async (id: string, flags: { name?: string; tag?: string[]; notes?: string; json?: boolean }) =>
      (await import("./sweep")).edit(id, flags),
    );
  sweep
    .command("continue <sweep>")
    .description("give what is left to trainers of another build, whose bits may be others; its runs are marked with their build")
    .option("--build <build>", "default: the only other build whose trainers are there")
    .addOption(json())
    .action(async (id: string, flags: { build?: string; json?: boolean }) => (await import("./sweep")).continueOn(id, flags));
  sweep
    .command("extend <sweep>")
    .description("add initializations to every configuration, or configurations to a random search")
    .option("--seeds <n>", "more initializations", wholeNumber(1, 100_000))
    .option("--trials <n>", "more configurations", wholeNumber(1, 1_000_000))
    .addOption(json())
    .action(async (id: string, flags: { seeds?: number; trials?: number; json?: boolean }) =>
      (await import("./sweep")).extend(id, flags),
    );
  sweep
    .command("clone <sweep>")
    .description("submit the same sweep again, with changes")
    .option("--watch", "show it until it ends")
    .addOption(setting())
    .addOption(json())
    .action(async (id: string, flags: { set: string[]; watch?: boolean; json?: boolean }) =>
      (await import("./sweep")).clone(id, flags),
    );
}

function registerDatasetCommands(dataset: Command): void {
  dataset
    .command("add <file>")
    .description("upload a CSV or NPZ file of at most 64 MB; the same file gives the same dataset")
    .option("--name <name>", "default: the file's own; .csv, .tsv, .txt and .npz tell the format")
    .addOption(new Option("--delimiter <delimiter>", "default: found in the header line").choices(["comma", "semicolon", "tab"]))
    .addOption(new Option("--decimal <sign>", "default: found in the numbers").choices(["point", "comma"]))
    .addOption(
      new Option("--thousands <sign>", "what separates groups of three digits; default: nothing").choices([
        "comma",
        "point",
        "space",
        "apostrophe",
      ]),
    )
    .option("--texts <column...>", "columns to read as texts, whatever they look like")
    .addOption(json())
    .action(async (file: string, flags: UploadFlags & { json?: boolean }) => (await import("./dataset")).add(file, flags));
  dataset
    .command("list")
    .description("datasets, newest first")
    .option("--limit <n>", "how many", wholeNumber(1, 1000), 100)
    .addOption(json())
    .action(async (flags: { limit: number; json?: boolean }) => (await import("./dataset")).list(flags));
  dataset
    .command("show <dataset>")
    .description("columns with their types, missing values and the first rows; the first digits of the id suffice")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./dataset")).show(id, flags));
  dataset
    .command("restore <dataset>")
    .description("take a dataset out of the bin, by its whole id (`basin bin` shows it)")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./dataset")).restore(id, flags));
  dataset
    .command("rm <dataset>")
    .description("put a dataset that no sweep names into the bin")
    .addOption(yes())
    .addOption(json())
    .action(async (id: string, flags: { yes?: boolean; json?: boolean }) => (await import("./dataset")).remove(id, flags));
}
