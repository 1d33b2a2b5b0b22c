import type { Command, Option } from "commander";

const backupExamples = `
Of the ledger that DATABASE_URL names, else of the data directory (BASIN_DATA_DIR), whether or not its stack runs. FILE - is standard output or input.

Examples
  basin backup basin-monday.basin                       everything, of one moment, while sweeps go on
  basin backup k3v9x2mq.basin --sweep k3v9x2mq          one sweep with all that it needs
  BASIN_DATA_DIR=.basin-new basin restore basin-monday.basin
  basin import k3v9x2mq.basin                           the sweep, beside those that are there
`;

/** What keeps a ledger for years. */
export function registerOperations(program: Command, json: () => Option): void {
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
