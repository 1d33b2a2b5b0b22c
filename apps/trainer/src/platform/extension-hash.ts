import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, join, relative } from "node:path";

const modules = new Set([".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"]);
const endings = ["", ".js", ".mjs", ".cjs", ".json", "/index.js", "/index.mjs", "/index.cjs"];
/** Any text in quotes that begins like a relative path: imports, and files that are read. */
const relativeNames = /["'`](\.{1,2}\/[^"'`\n]+)["'`]/g;
const packageNames = /\b(?:from|import|require)\s*\(?\s*["']([^"'./][^"'\n]*)["']/g;

/**
 * 8 hex digits that name what some extensions consist of; null for none. Of each: the file that is imported, every file that it or
 * these name by a relative path, and the versions of the packages that they import. Independent of where they lie and of their order.
 */
export function extensionHash(entries: readonly string[]): string | null {
  if (entries.length === 0) return null;
  const parts = entries.map((entry) => digest(partsOf(entry).join("\n")));
  return digest(parts.sort().join("\n")).slice(0, 8);
}

/** Sorted; a file that a name in quotes leads to and that is no part of the extension only makes the hash say more. */
function partsOf(entry: string): string[] {
  const found = new Set<string>();
  const files = [entry];
  const seen = new Set(files);
  for (let file = files.pop(); file !== undefined; file = files.pop()) {
    const content = readFileSync(file);
    found.add(`${relative(dirname(entry), file).replaceAll("\\", "/")} ${digest(content)}`);
    if (!modules.has(extname(file))) continue;
    const text = content.toString("utf8");
    for (const [, name = ""] of text.matchAll(relativeNames)) {
      const path = endings.map((ending) => join(dirname(file), `${name}${ending}`)).find(isFile);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      files.push(path);
    }
    for (const [, name = ""] of text.matchAll(packageNames)) if (!isBuiltin(name)) found.add(packageVersion(name, file));
  }
  return [...found].sort();
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** `name@version` of the package that an import in this file means. */
function packageVersion(specifier: string, file: string): string {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name, "package.json");
    if (existsSync(path)) return `${name}@${(JSON.parse(readFileSync(path, "utf8")) as { version?: string }).version ?? "?"}`;
    if (folder === dirname(folder)) return `${name}@absent`;
  }
}

function digest(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
