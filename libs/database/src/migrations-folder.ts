import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder `prisma/migrations`: `BASIN_MIGRATIONS_DIR` when set, else the nearest one above this file — the workspace's
 * own, both from the sources and from a bundle such as `apps/api/dist`.
 */
export function findMigrationsFolder(from: string = fileURLToPath(import.meta.url)): string {
  const given = process.env["BASIN_MIGRATIONS_DIR"];
  if (given !== undefined && given !== "") {
    if (existsSync(given)) return resolve(given);
    throw new Error(`BASIN_MIGRATIONS_DIR is "${given}", which does not exist; it must name the folder prisma/migrations`);
  }
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const candidate = join(folder, "prisma", "migrations");
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) {
      throw new Error(`no folder prisma/migrations above ${from}; set BASIN_MIGRATIONS_DIR to where the migrations are`);
    }
  }
}
