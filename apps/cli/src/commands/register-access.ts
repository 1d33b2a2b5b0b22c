import { InvalidArgumentError, Option, type Command } from "commander";
import type { ProjectFlags } from "./access";

const examples = `
For a Basin that asks for tokens (BASIN_AUTH=token); BASIN_TOKEN is the one that is sent.

Examples
  basin project create waves --stored-bytes 2e11 --pool gpu
  basin token create mia --project waves --role member --days 365
  basin token create gpu-node-7 --role trainer --pool gpu
  basin project member waves vera --role viewer
  basin audit --who mia --limit 20
`;

/** A number that is greater than 0, or `none`. */
function limit(text: string): number | null {
  if (text === "none") return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("must be a whole number from 1 on, e.g. 2e11, or none");
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("must be a number greater than 0");
  return value;
}

const limits = (command: Command): Command =>
  command
    .option("--stored-bytes <n>", "of its datasets and artifacts; none: no limit", limit)
    .option("--pool <pool>", "of its sweeps that name none");

/** Who may do what: tokens, projects, and what was done. */
export function registerAccess(
  program: Command,
  json: () => Option,
  yes: () => Option,
  wholeNumber: (minimum: number, maximum: number) => (text: string) => number,
): void {
  const token = program.command("token").description("who may use this Basin: make, list and revoke tokens");
  token
    .command("create <name>")
    .description("make a token; its secret is shown this once")
    .addOption(new Option("--role <role>", "what it may do").choices(["viewer", "member", "admin", "trainer"]).default("member"))
    .option("--project <project>", "where what it submits belongs (default: that of the token that asks)")
    .addOption(new Option("--scope <scope>", "read: changes nothing").choices(["all", "read"]).default("all"))
    .option("--pool <pool>", "of a trainer")
    .option("--days <n>", "until it ends (default: never)", positive)
    .addOption(json())
    .addHelpText("after", examples)
    .action(async (name: string, flags: Parameters<(typeof import("./access"))["makeToken"]>[1]) =>
      (await import("./access")).makeToken(name, flags),
    );
  token
    .command("list")
    .description("tokens and sessions, newest first")
    .addOption(json())
    .action(async (flags: { json?: boolean }) => (await import("./access")).listTokens(flags));
  token
    .command("revoke <token>")
    .description("a token, by the first digits of its id, is never accepted again")
    .addOption(yes())
    .addOption(json())
    .action(async (id: string, flags: { yes?: boolean; json?: boolean }) => (await import("./access")).revokeToken(id, flags));

  const project = program.command("project").description("whose sweeps are whose: projects, members and limits");
  project
    .command("list")
    .description("projects with their members and what they use")
    .addOption(json())
    .action(async (flags: { json?: boolean }) => (await import("./access")).listProjects(flags));
  limits(project.command("create <name>"))
    .description("make a project")
    .addOption(json())
    .addHelpText("after", examples)
    .action(async (name: string, flags: ProjectFlags) => (await import("./access")).makeProject(name, flags));
  limits(project.command("set <project>"))
    .description("change what it may store, or its pool")
    .addOption(json())
    .action(async (name: string, flags: ProjectFlags) => (await import("./access")).changeProject(name, flags));
  project
    .command("member <project> <person>")
    .description("take a person into a project, or give them another role there")
    .addOption(new Option("--role <role>", "there").choices(["viewer", "member"]).default("member"))
    .addOption(json())
    .action(async (name: string, person: string, flags: { role: string; json?: boolean }) =>
      (await import("./access")).addMember(name, person, flags),
    );
  project
    .command("remove-member <project> <person>")
    .description("a person's tokens of the project are not accepted any more")
    .addOption(json())
    .action(async (name: string, person: string, flags: { json?: boolean }) =>
      (await import("./access")).removeMember(name, person, flags),
    );

  program
    .command("audit")
    .description("who changed what, when and from where, newest first")
    .option("--who <name>", "of a token")
    .option("--what <operation>", "e.g. pauseSweep")
    .option("--project <project>", "of the token")
    .option("--search <text>", "part of the path or the address")
    .option("--from <time>", "ISO 8601, e.g. 2026-12-01T00:00:00Z")
    .option("--to <time>", "ISO 8601")
    .option("--limit <n>", "how many", wholeNumber(1, 1000), 100)
    .addOption(json())
    .addHelpText("after", examples)
    .action(async (flags: Parameters<(typeof import("./access"))["audit"]>[0]) => (await import("./access")).audit(flags));
}
