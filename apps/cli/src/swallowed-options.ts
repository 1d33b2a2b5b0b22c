import type { Command } from "commander";
import { CommandFailed, exitCodes } from "./exit";

/**
 * Refuses to go on where npm has taken options for its own: of `npm run basin sweep submit x.yaml --dry-run` the command sees no option, and
 * would submit. npm tells its scripts of them as `npm_config_dry_run`. npx takes nothing that stands behind the command, but sets variables alike.
 */
export function refuseSwallowedOptions(command: Command, environment: Readonly<Record<string, string | undefined>>): void {
  const script = environment.npm_lifecycle_event;
  if (script === undefined || script === "npx") return;
  const swallowed = command.options
    .flatMap(({ long }) => (long ? [long] : []))
    .filter((long) => environment[`npm_config_${long.slice(2).replaceAll("-", "_")}`] !== undefined);
  if (swallowed.length === 0) return;
  throw new CommandFailed(exitCodes.badInput, `npm took ${swallowed.join(" and ")} for itself, so nothing was done`, [
    `Write -- before the options: npm run ${script} -- … ${swallowed.join(" ")}`,
  ]);
}
