import { Option, type Command } from "commander";
import { exitCodes } from "../exit";
import { collect, json, wholeNumber, yes } from "./options";
import { registerAccess } from "./register-access";
import { registerDatasetCommands } from "./register-dataset";
import { registerOperations } from "./register-operations";
import { registerOutsideCommands } from "./register-outside";
import { registerSweepCommands } from "./register-sweep";

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
