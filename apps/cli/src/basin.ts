#!/usr/bin/env node
import { Command } from "commander";
import { registerCommands } from "./commands/register";
import { readSecretFiles } from "./settings";
import { reportAndExit } from "./report-error";
import { refuseSwallowedOptions } from "./swallowed-options";

// A reader that is gone (`| head`, a closed terminal) ends neither the stack nor its orderly stop.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const program = new Command("basin");
registerCommands(program);
program.hook("preAction", (_program, action) => {
  readSecretFiles();
  refuseSwallowedOptions(action, process.env);
});
try {
  await program.parseAsync();
} catch (error) {
  // The --json of demo and reproduce names a file.
  await reportAndExit(error, process.argv.includes("--json") && !["demo", "reproduce"].includes(process.argv[2] ?? ""));
}
