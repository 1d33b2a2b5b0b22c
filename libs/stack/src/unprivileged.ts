import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Whom Postgres runs as: nobody special when we are not root (null), else an account that exists (it refuses root). */
export function unprivilegedAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const found = accounts.find(([name]) => name === wanted);
    if (found) return { name: wanted, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(
    "Postgres does not run as root and there is no account `postgres` or `nobody` to run it as. " +
      "Start Basin as an ordinary user, or make the account: useradd --system postgres",
  );
}

function canEnter(folder: string, account: Account): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

export interface Invocation {
  command: string;
  args: string[];
  user?: { uid: number; gid: number };
}

/**
 * How to run a program as `account`. Where it may not enter the folders on the way (a checkout under /root), the program keeps
 * the one capability to pass through them; without `setpriv` that is an error that says what to change.
 */
export function runAs(account: Account | null, folders: readonly string[], command: string, args: readonly string[]): Invocation {
  if (account === null) return { command, args: [...args] };
  const closed = folders.find((folder) => !canEnter(folder, account));
  if (closed === undefined) return { command, args: [...args], user: { uid: account.uid, gid: account.gid } };
  if (spawnSync("setpriv", ["--version"]).status !== 0) {
    throw new Error(
      `Postgres runs as ${account.name} (not as root), which may not enter ${closed}. ` +
        "Move the checkout to a folder that others may enter, or allow it: chmod o+x on each folder above it.",
    );
  }
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  const capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return { command: "setpriv", args: [...identity, ...capability, command, ...args] };
}
