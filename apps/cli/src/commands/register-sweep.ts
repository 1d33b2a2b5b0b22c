import { Option, type Command } from "commander";
import { collect, json, wholeNumber, yes } from "./options";

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

export function registerSweepCommands(sweep: Command): void {
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
