// After npm ci (`postinstall`): removes from node_modules what nothing here reads, more than a third of it. Source maps; icons as pictures
// (they are imported as components); WebGPU of other machines; compilers of queries for databases other than PostgreSQL; programs beside the
// library of binaryen; what serves `next dev`, `prisma studio` and `prisma dev`; packages' own tests and documentation. After
// `npm ci --omit=dev`, which is for running what was built, also what only builds read. `--dry` says how much without removing it.
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const [, , ...options] = process.argv;
const dry = options.includes("--dry");
const built = (process.env["npm_config_omit"] ?? "").split(/[\s,]+/).includes("dev") || options.includes("--built");
const root = options.find((option) => !option.startsWith("--")) ?? fileURLToPath(new URL("../node_modules", import.meta.url));
const webgpu = { darwin: "darwin-universal" }[process.platform] ?? `${process.platform}-${process.arch}`;

/** By the path below node_modules, with / between its parts. */
const unread = [
  /\.map$/,
  /^@tabler\/icons\/(icons|categories)\//,
  /^@tabler\/icons\/(tabler-nodes|icons)[^/]*\.json$/,
  /^binaryen\/bin\//,
  /^@prisma\/client\/runtime\/.*\.(mysql|sqlite|sqlserver|cockroachdb)\./,
  /^@prisma\/studio-core\/dist\/ui\//,
  /^@electric-sql\/pglite\/dist\/.*\.(wasm|data|tar\.gz)$/,
  /^next\/dist\/docs\//,
  /^next\/dist\/compiled\/next-server\/.*(-experimental\.runtime|\.runtime\.dev)\./,
  /^next\/dist\/compiled\/(react|react-dom|react-server-dom-[a-z]+)-experimental\//,
  /^(effect|rxjs)\/src\//,
  /^@tensorflow\/.*_test\.(js|d\.ts)$/,
  /(^|\/)(README|CHANGELOG|HISTORY)[^/]*\.(md|markdown)$/i,
];
/** What is compiled or generated is there by then. */
const unreadOnceBuilt = [
  /^@next\/swc-/,
  /^(typescript|prisma|effect|chevrotain)\//,
  /^@(prisma\/(dev|engines|fetch-engine)|chevrotain|electric-sql)\//,
  /\.d\.[cm]?ts$/,
];

const patterns = built ? [...unread, ...unreadOnceBuilt] : unread;
const isUnread = (path) =>
  patterns.some((pattern) => pattern.test(path)) ||
  (path.startsWith("webgpu/dist/") && !path.startsWith(`webgpu/dist/${webgpu}/`));

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
