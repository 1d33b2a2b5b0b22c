import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds nx.json, found upwards from this module (source or bundle). Throws when there is none. */
export function workspaceRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "nx.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`${start} is not inside a Basin checkout: no folder above it has an nx.json`);
  }
}
