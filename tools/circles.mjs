// Circles of imports between files, those of types included: `npm run lint` runs this, and a circle is an error.
import { cruise } from "dependency-cruiser";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the check looks at, seen from the root of the repository. */
export const checkedFolders = ["apps", "libs", "bench", "e2e", "tools", "examples"];

/**
 * Every circle below the folders, as the files on it, and the imports of our own that lead nowhere: with those it would have seen only a part.
 * `base` is the folder that the others are seen from.
 */
export async function findCircles(folders, base = root) {
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
    { alias: { "@": join(root, "apps/web/src") }, extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".d.ts", ".d.mts"] },
  );
  const { modules, summary } = output;
  return {
    circles: summary.violations.map(({ from, cycle = [] }) => [from, ...cycle.map(({ name }) => name)]),
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
  const { circles, unresolved, files } = await findCircles(checkedFolders);
  for (const circle of circles) process.stderr.write(`circle of imports: ${circle.join(" → ")}\n`);
  for (const one of unresolved) process.stderr.write(`leads nowhere: ${one}\n`);
  if (circles.length + unresolved.length > 0) process.exit(1);
  process.stdout.write(`No circle of imports among ${files} files.\n`);
}
