import { messageOf } from "@basin/contracts";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Puts a secret into a file that this account alone may read, once `store` says that it counts: written before, so that no token
 * counts whose secret nobody has, and under its name only afterwards, so that the file never holds one that does not count. Returns
 * what `store` returns. Throws, before anything is stored, an Error that says what to set when the file cannot be written.
 */
export async function keepFirstToken(file: string, secret: string, store: () => Promise<boolean>): Promise<boolean> {
  const path = resolve(file);
  const draft = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rm(draft, { force: true });
    await writeFile(draft, `${secret}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(
      `the first token cannot be put into ${path} (${reason}); set BASIN_FIRST_TOKEN_FILE to a file that can be written`,
    );
  }
  let counts = false;
  try {
    counts = await store();
  } finally {
    if (!counts) await rm(draft, { force: true });
  }
  if (counts) await rename(draft, path);
  return counts;
}
