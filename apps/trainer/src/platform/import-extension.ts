import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * The file that a package's name, or the path of a file or folder, leads to, seen from the directory that the process runs in; a
 * package that is not installed there may be installed beside Basin itself. Throws Node's reason.
 */
export function extensionPath(name: string): string {
  const here = createRequire(join(process.cwd(), "package.json"));
  try {
    return here.resolve(name);
  } catch (error) {
    if (name.startsWith(".") || name.startsWith("/")) throw error;
    return fileURLToPath(import.meta.resolve(name));
  }
}

/** Imports it. Rejects with Node's reason. */
export async function importExtension(name: string): Promise<unknown> {
  return import(pathToFileURL(extensionPath(name)).href);
}
