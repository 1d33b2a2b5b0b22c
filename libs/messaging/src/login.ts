import { messageOf } from "@basin/contracts";
import { readFileSync } from "node:fs";

export interface NatsLogin {
  user: string;
  password: string;
}

/**
 * NATS_USER with NATS_PASSWORD, or with NATS_PASSWORD_FILE whose first line is the password; NATS_USER is `defaultUser` when only a
 * password is given. Null: none of them is set, so that what NATS_URL says counts. Empty variables count as not set.
 * @throws an Error that names the variable
 */
export function readNatsLogin(variables: Record<string, string | undefined>, defaultUser: string): NatsLogin | null {
  const given = (name: string): string | null => (variables[name] === "" ? null : (variables[name] ?? null));
  const [user, password, file] = [given("NATS_USER"), given("NATS_PASSWORD"), given("NATS_PASSWORD_FILE")];
  if (password !== null && file !== null) throw new Error("NATS_PASSWORD and NATS_PASSWORD_FILE are both set; set one of them");
  if (password !== null) return { user: user ?? defaultUser, password };
  if (file !== null) return { user: user ?? defaultUser, password: firstLine(file) };
  if (user !== null) throw new Error(`NATS_USER is set to "${user}" without NATS_PASSWORD or NATS_PASSWORD_FILE`);
  return null;
}

function firstLine(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(`NATS_PASSWORD_FILE cannot be read: ${reason}`, { cause: error });
  }
  const [line = ""] = text.split(/\r?\n/);
  if (line.trim() === "") throw new Error(`NATS_PASSWORD_FILE: the first line of ${file} is empty; it must be the password`);
  return line.trim();
}
