// Circles of imports between files, those of types included, and between the folders of an application: `npm run lint` runs this, and a
// circle is an error.
import { cruise } from "dependency-cruiser";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the check looks at, seen from the root of the repository. */
export const checkedFolders = ["apps", "libs", "bench", "e2e", "tools", "examples"];

/** Whose folders, seen as wholes, import each other one way only. What specs import does not count. */
export const layeredFolders = ["apps/api/src", "apps/web/src/features"];

const isSpec = (path) => /\.(spec|testing)\.tsx?$|(^|\/)spec-support\//.test(path);

/** Circles among the folders that lie in `parent`, each as an import of every step on it. */
function folderCircles(modules, parent) {
  const folderOf = (path) =>
    path.startsWith(`${parent}/`) && !isSpec(path) ? /^([^/]+)\//.exec(path.slice(parent.length + 1))?.[1] : undefined;
  /** By folder, the folders that it imports, each with one import as the witness. */
  const imports = new Map();
  for (const { source, dependencies } of modules) {
    const from = folderOf(source);
    if (from === undefined) continue;
    for (const { resolved } of dependencies) {
      const to = folderOf(resolved);
      if (to === undefined || to === from) continue;
      if (!imports.has(from)) imports.set(from, new Map());
      if (!imports.get(from).has(to)) imports.get(from).set(to, `${source} → ${resolved}`);
    }
  }
  const circles = [];
  for (const start of [...imports.keys()].sort()) {
    // The shortest way back, through folders that are not less than the start, so that a circle is told once.
    const ways = [[start, []]];
    const seen = new Set();
    for (const [folder, way] of ways) {
      const back = imports.get(folder)?.get(start);
      if (back !== undefined) {
        circles.push([...way, back]);
        break;
      }
      for (const [to, witness] of imports.get(folder) ?? []) {
        if (to < start || seen.has(to)) continue;
        seen.add(to);
        ways.push([to, [...way, witness]]);
      }
    }
  }
  return circles;
}

/**
 * Every circle below the folders, as the files on it (of folders in `layered`, as the imports on it), and the imports of our own that lead nowhere: with those it would have seen only a part.
 * `base` is the folder that the others are seen from.
 */
export async function findCircles(folders, base = root, layered = layeredFolders) {
  const { output } = await cruise(
    folders,
    {
      baseDir: base,
      ruleSet: { forbidden: [{ name: "no-circles", severity: "error", from: {}, to: { circular: true } }] },
      validate: true,
      // Imports of types are gone once TypeScript is compiled.
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
      exclude: { path: "(^|/)(node_modules|dist|generated|\\.next)/" },
      enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
    },
    {
      alias: { "@": join(root, "apps/web/src"), "@basin/client": join(root, "libs/client/src/index.ts") },
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".d.ts", ".d.mts"],
    },
  );
  const { modules, summary } = output;
  return {
    circles: summary.violations.map(({ from, cycle = [] }) => [from, ...cycle.map(({ name }) => name)]),
    folders: layered.flatMap((parent) => folderCircles(modules, parent)),
    unresolved: modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ module, couldNotResolve }) => couldNotResolve && /^(\.|@\/|@basin\/)/.test(module))
        .map(({ module }) => `${source}: ${module}`),
    ),
    files: modules.length,
  };
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  const { circles, folders, unresolved, files } = await findCircles(checkedFolders);
  for (const circle of circles) process.stderr.write(`circle of imports: ${circle.join(" → ")}\n`);
  for (const circle of folders) process.stderr.write(`circle of folders: ${circle.join(", ")}\n`);
  for (const one of unresolved) process.stderr.write(`leads nowhere: ${one}\n`);
  if (circles.length + folders.length + unresolved.length > 0) process.exit(1);
  process.stdout.write(`No circle of imports among ${files} files, nor among the folders of the applications.\n`);
}
