import { issuesOf, SweepRequest } from "@basin/contracts";
import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { CommandFailed, exitCodes } from "./exit";

export async function readStdin(): Promise<string> {
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
 * parameter of the experiment (`learningRate=1e-3`, `learningRate=[1e-3, 1e-2]`), as it may be written in the file.
 */
export function applySetting(spec: Record<string, unknown>, setting: string): void {
  const equals = setting.indexOf("=");
  if (equals < 1) throw new CommandFailed(exitCodes.badInput, `--set ${setting}: write key=value, e.g. --set seeds.count=3`);
  const key = setting.slice(0, equals).trim();
  const value = parseText(setting.slice(equals + 1), `--set ${key}`);
  const path = key.split(".");
  const [head = ""] = path;
  if (!(head in SweepRequest.shape)) {
    if (path.length > 1) {
      const fields = Object.keys(SweepRequest.shape).join(", ");
      throw new CommandFailed(exitCodes.badInput, `--set ${key}: a sweep has no field ${head}; it has ${fields}`);
    }
    spec.space = { ...(isRecord(spec.space) ? spec.space : {}), [head]: value };
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

/** The fields that a file of YAML or JSON (`-`: standard input) holds at its top. Throws CommandFailed for one that holds none. */
export async function readStructured(
  file: string,
  what: string,
  fields: string,
): Promise<{ value: Record<string, unknown>; origin: string }> {
  const origin = file === "-" ? "standard input" : file;
  const value = parseText(await readText(file), origin);
  if (!isRecord(value)) {
    throw new CommandFailed(exitCodes.badInput, `${origin} holds no ${what}: at its top there must be fields such as ${fields}`);
  }
  return { value, origin };
}

/**
 * Reads a sweep from a file (`-`: standard input), applies the settings and checks what can be checked without the catalogue. Throws CommandFailed
 * with every issue.
 */
export async function readSweep(file: string, settings: readonly string[]): Promise<SweepRequest> {
  const { value, origin } = await readStructured(file, "sweep", "experiment, space, seeds");
  for (const setting of settings) applySetting(value, setting);
  return checkedSweep(value, origin);
}

export function checkedSweep(value: unknown, origin: string): SweepRequest {
  const parsed = SweepRequest.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = issuesOf(parsed.error).map((issue) => `${issue.path === "" ? "sweep" : issue.path}: ${issue.message}`);
  throw new CommandFailed(exitCodes.badInput, `${origin} is not a valid sweep`, lines);
}
