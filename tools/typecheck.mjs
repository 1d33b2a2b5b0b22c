// npm run typecheck: the types of every project. Projects with the same compiler options are read as one program, so that what many of them
// import is checked once.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, ".nx", "typecheck");
const compiler = join(root, "node_modules", "typescript-native", "bin", "tsc");
mkdirSync(folder, { recursive: true });

const folders = ["apps", "libs"].flatMap((name) => readdirSync(join(root, name)).map((project) => join(name, project)));

/** Files of projects by their compiler options. */
const programs = new Map();
for (const project of [...folders, "bench", "e2e", "tools"]) {
  const file = join(project, "tsconfig.json");
  if (!existsSync(join(root, file))) continue;
  const { compilerOptions = {}, include, exclude = [] } = JSON.parse(readFileSync(join(root, file), "utf8"));
  const places = (names) => names.map((name) => relative(folder, join(root, project, name)));
  // Paths and folders that a project alone has.
  const own = exclude.length > 0 || compilerOptions.paths !== undefined;
  const key = own ? file : JSON.stringify(compilerOptions);
  const program = programs.get(key) ?? { projects: [], config: null, include: [] };
  program.projects.push(project);
  program.include.push(...places(include));
  program.config = own ? join(root, file) : null;
  program.compilerOptions = compilerOptions;
  programs.set(key, program);
}

let status = 0;
for (const [i, { projects, config, include, compilerOptions }] of [...programs.values()].entries()) {
  const path = config ?? join(folder, `${i}.json`);
  const base = relative(folder, join(root, "tsconfig.base.json"));
  if (config === null) writeFileSync(path, JSON.stringify({ extends: base, compilerOptions, include }, null, 2));
  process.stdout.write(`${projects.join(", ")}\n`);
  const checked = spawnSync(process.execPath, [compiler, "--noEmit", "-p", path], { cwd: root, stdio: "inherit" });
  if (checked.status !== 0) status = 1;
}
process.exit(status);
