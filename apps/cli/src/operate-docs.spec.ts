import { Command } from "commander";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { registerCommands } from "./commands/register";

const root = join(import.meta.dirname, "..", "..", "..");
const pages = readdirSync(join(root, "docs", "operate")).filter((name) => name.endsWith(".md"));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** Lines of a page's blocks of commands, without the variables before them. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(root, "docs", "operate", page), "utf8");
  return [...text.matchAll(/^```(?:sh)?\n(.*?)^```/gms)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .map((line) => line.replace(/ +#.*$/, "").replace(/^(?:[A-Z_]+=\S+ +)*/, ""))
    .filter((line) => line !== "");
}

/** Why `basin` would not take a line; null: it would. */
function faultOf(line: string): string | null {
  const program = new Command("basin");
  registerCommands(program);
  const words = line.split(/\s+/).slice(1);
  let command: Command = program;
  for (
    let next = command.commands.find((one) => one.name() === words[0]);
    next;
    next = command.commands.find((one) => one.name() === words[0])
  ) {
    command = next;
    words.shift();
  }
  if (command === program) return `there is no command ${words[0] ?? ""}`;
  const given: string[] = [];
  const options = new Set<string>();
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith("-")) {
      given.push(word);
      continue;
    }
    const option = command.options.find((one) => one.long === word || one.short === word);
    if (!option) return `${command.name()} has no option ${word}`;
    options.add(option.attributeName());
    if (option.required) {
      const value = words.shift();
      if (value === undefined) return `${word} needs a value`;
      option.parseArg?.(value, undefined);
    }
  }
  const lacking = command.options.filter((one) => one.mandatory && !options.has(one.attributeName()));
  if (lacking.length > 0) return `${command.name()} needs ${lacking.map((one) => one.long).join(", ")}`;
  const needed = command.registeredArguments.filter((one) => one.required).length;
  const fits =
    given.length >= needed &&
    (given.length <= command.registeredArguments.length || command.registeredArguments.some((one) => one.variadic));
  return fits ? null : `${command.name()} takes ${needed} arguments, not ${given.length}`;
}

test.each(pages)("docs/operate/%s names commands, scripts and files that there are", (page) => {
  for (const line of commandsOf(page)) {
    const [program, ...words] = line.split(/\s+/);
    const files = words.filter((word) => /^(infra|tools|libs|apps)\//.test(word));
    expect(
      files.filter((file) => !existsSync(join(root, file))),
      line,
    ).toEqual([]);
    if (program === "basin") expect(faultOf(line), line).toBeNull();
    else if (program === "npm") expect(scripts[words[0] === "run" ? (words[1] ?? "") : (words[0] ?? "")], line).toBeDefined();
    else expect(["docker", "promtool", "sh"], line).toContain(program);
  }
});

test("a command that is none is found out", () => {
  expect(faultOf("basin fly")).toBe("there is no command fly");
  expect(faultOf("basin backup a b")).toBe("backup takes 1 arguments, not 2");
  expect(faultOf("basin slurm --trainers 3")).toBe("slurm needs --time");
  expect(faultOf("basin backup a --swep x")).toBe("backup has no option --swep");
});
