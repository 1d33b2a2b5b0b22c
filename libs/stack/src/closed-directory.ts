import { chmodSync, chownSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { unprivilegedAccount } from "./unprivileged";

/** What only a stack's directory has; a directory with other things in it is somebody's, and stays as it is. */
const marks = ["postgres.password", "nats.conf", "lock.json"];

/**
 * Closes a stack's directory to every other account of this machine: a ledger, logs and secrets are in it, some of them made by a
 * version that left them readable. Started as root, the group of the account that Postgres runs as may pass through to the part
 * that it owns, and see no more. An empty directory counts as a stack's.
 */
export function closeDirectory(path: string): void {
  const own = process.getuid?.();
  const directory = lstatSync(path);
  const entries = readdirSync(path);
  if (directory.uid !== own || (entries.length > 0 && !marks.some((mark) => entries.includes(mark)))) return;
  const account = unprivilegedAccount();
  if (account) chownSync(path, own, account.gid);
  chmodSync(path, account ? 0o710 : 0o700);
  for (const name of entries) {
    const entry = join(path, name);
    const found = lstatSync(entry);
    if (found.uid === own && !found.isSymbolicLink()) chmodSync(entry, closedMode(found));
  }
}

/** Without the rights of group and others. */
const closedMode = ({ mode }: Stats): number => mode & 0o700;
