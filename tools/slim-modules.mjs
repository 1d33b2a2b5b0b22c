// After npm ci: removes from node_modules what nothing here reads, about half of it. Source maps; icons as pictures (they are imported as
// components); WebGPU of other machines; compilers of queries for databases other than PostgreSQL; programs beside the library of
// binaryen; packages' own documentation. `npm run slim -- --dry` says how much without removing it.
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const [, , ...options] = process.argv;
const dry = options.includes("--dry");
const root = options.find((option) => !option.startsWith("--")) ?? fileURLToPath(new URL("../node_modules", import.meta.url));
const webgpu = { darwin: "darwin-universal" }[process.platform] ?? `${process.platform}-${process.arch}`;

/** By the path below node_modules, with / between its parts. */
const unread = [
  /\.map$/,
  /^@tabler\/icons\/icons\//,
  /^@tabler\/icons\/(tabler-nodes|icons)[^/]*\.json$/,
  /^binaryen\/bin\//,
  /^@prisma\/client\/runtime\/.*\.(mysql|sqlite|sqlserver|cockroachdb)\./,
  /^next\/dist\/docs\//,
  /(^|\/)(README|CHANGELOG|HISTORY)[^/]*\.(md|markdown)$/i,
];
const isUnread = (path) =>
  unread.some((pattern) => pattern.test(path)) || (path.startsWith("webgpu/dist/") && !path.startsWith(`webgpu/dist/${webgpu}/`));

let blocks = 0;
function visit(folder, below) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [path, name] = [join(folder, entry.name), below === "" ? entry.name : `${below}/${entry.name}`];
    if (entry.isDirectory()) visit(path, name);
    // A package within a package is one, too.
    else if (entry.isFile() && isUnread(name.split("node_modules/").at(-1) ?? name)) {
      blocks += statSync(path).blocks;
      if (!dry) rmSync(path);
    }
  }
}
if (existsSync(root)) visit(root, "");
if (dry) process.stdout.write(`${Math.round(blocks / 2048)} MB below ${root.split(sep).at(-1)} are read by nothing here\n`);
