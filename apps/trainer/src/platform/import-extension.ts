import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports a package by its name, or a file or folder by its path, both seen from the directory that the process runs in; a package
 * that is not installed there may be installed beside Basin itself. Rejects with Node's reason.
 */
export async function importExtension(name: string): Promise<unknown> {
  const here = createRequire(join(process.cwd(), "package.json"));
  let path: string;
  try {
    path = here.resolve(name);
  } catch (error) {
    if (name.startsWith(".") || name.startsWith("/")) throw error;
    return import(name);
  }
  return import(pathToFileURL(path).href);
}
