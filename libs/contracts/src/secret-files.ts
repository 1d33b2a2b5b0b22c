import { messageOf } from "./message-of";

/** Settings that hold a secret: each may stand in a file, named by `<variable>_FILE`, instead of in the environment. */
export const secretVariables = ["DATABASE_URL", "NATS_URL", "NATS_PASSWORD", "NATS_TOKEN", "BASIN_TOKEN"] as const;

/**
 * The variables with secrets read from the files that `<variable>_FILE` name: the first line, of NATS credentials everything. Empty variables count
 * as not set.
 * @throws an Error that names the variable
 */
export function withSecretFiles(
  variables: Record<string, string | undefined>,
  read: (file: string) => string,
): Record<string, string | undefined> {
  const found: Record<string, string | undefined> = {};
  for (const name of secretVariables) {
    const file = variables[`${name}_FILE`] ?? "";
    if (file === "") continue;
    if ((variables[name] ?? "") !== "") throw new Error(`${name} and ${name}_FILE are both set; set one of them`);
    let text: string;
    try {
      text = read(file).trim();
    } catch (error) {
      throw new Error(`${name}_FILE cannot be read: ${messageOf(error)}`, { cause: error });
    }
    if (text === "") throw new Error(`${name}_FILE: ${file} is empty; its first line must be the value of ${name}`);
    found[`${name}_FILE`] = undefined;
    found[name] = text.startsWith("-----BEGIN") ? text : (text.split(/\r?\n/)[0] ?? "").trim();
  }
  return { ...variables, ...found };
}
