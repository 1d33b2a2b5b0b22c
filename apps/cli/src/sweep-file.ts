import { issuesOf, SweepSpec } from "@basin/contracts";
import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { CommandFailed, exitCodes } from "./exit";

async function readStdin(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk as string;
  return text;
}

async function readText(file: string): Promise<string> {
  if (file === "-") return readStdin();
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandFailed(
      exitCodes.badInput,
      code === "ENOENT" ? `there is no file ${file}` : `cannot read ${file}: ${message}`,
    );
  }
}

/** YAML 1.2, and JSON with it. */
function parseText(text: string, origin: string): unknown {
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw new CommandFailed(exitCodes.badInput, `${origin} is neither YAML nor JSON: ${error.message.trimEnd()}`);
    throw error;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Applies `--set key=value`. A field of the sweep is replaced at its path (`seeds.count=3`); a name that is no field is a
 * parameter of the experiment (`learningRate=1e-3`), fixed to the value, or searched when the value is a list or a dimension.
 */
export function applySetting(spec: Record<string, unknown>, setting: string): void {
  const equals = setting.indexOf("=");
  if (equals < 1) throw new CommandFailed(exitCodes.badInput, `--set ${setting}: write key=value, e.g. --set seeds.count=3`);
  const key = setting.slice(0, equals).trim();
  const value = parseText(setting.slice(equals + 1), `--set ${key}`);
  const path = key.split(".");
  const [head = ""] = path;
  if (!(head in SweepSpec.shape)) {
    if (path.length > 1) {
      const fields = Object.keys(SweepSpec.shape).join(", ");
      throw new CommandFailed(exitCodes.badInput, `--set ${key}: a sweep has no field ${head}; it has ${fields}`);
    }
    const space = isRecord(spec.space) ? spec.space : {};
    const dimension = isRecord(value)
      ? value
      : Array.isArray(value)
        ? { type: "choice", values: value as unknown[] }
        : { type: "fixed", value };
    spec.space = { ...space, [head]: dimension };
    return;
  }
  let at = spec;
  for (const segment of path.slice(0, -1)) {
    const next = at[segment];
    const folder = isRecord(next) ? { ...next } : {};
    at[segment] = folder;
    at = folder;
  }
  at[path.at(-1) ?? ""] = value;
}

/** Reads a sweep from a file (`-`: standard input), applies the settings and checks it. Throws CommandFailed with every issue. */
export async function readSweep(file: string, settings: readonly string[]): Promise<SweepSpec> {
  const origin = file === "-" ? "standard input" : file;
  const value = parseText(await readText(file), origin);
  if (!isRecord(value)) {
    throw new CommandFailed(
      exitCodes.badInput,
      `${origin} holds no sweep: at its top there must be fields such as experiment, space, seeds`,
    );
  }
  for (const setting of settings) applySetting(value, setting);
  return checkedSweep(value, origin);
}

export function checkedSweep(value: unknown, origin: string): SweepSpec {
  const parsed = SweepSpec.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = issuesOf(parsed.error).map((issue) => `${issue.path === "" ? "sweep" : issue.path}: ${issue.message}`);
  throw new CommandFailed(exitCodes.badInput, `${origin} is not a valid sweep`, lines);
}
