// Names what a trainer is built from, as far as it decides the bits of a run.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Our own libraries are bundled; what comes from npm is left to node_modules. */
export const packagesStayOutside = {
  name: "packages-stay-outside",
  setup(context) {
    context.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === "entry-point" || args.path.startsWith("@basin/")) return undefined;
      return { path: args.path, external: true };
    });
  },
};

/** All that computes: families, operations with their kernels, problems; the random streams and the parameters come with them. */
const computing = ["@basin/models", "@basin/engine", "@basin/problems"];

/**
 * 12 hex digits of a hash of these libraries bundled without comments and white space, and of the versions of the packages that
 * they import. The same on every machine and in every checkout of the same sources. `plugins`: of esbuild, before ours.
 */
export async function buildId({ plugins = [] } = {}) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: computing.map((name) => `export * from "${name}";`).join("\n"), resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    minifyWhitespace: true,
    legalComments: "none",
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
    plugins: [...plugins, packagesStayOutside],
  });
  const hash = createHash("sha256");
  for (const { contents } of outputFiles) hash.update(contents);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const packages = new Set(
    imports.filter(({ path, external }) => external && !isBuiltin(path)).map(({ path }) => packageOf(path)),
  );
  const { packages: installed } = JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8"));
  for (const name of [...packages].sort()) hash.update(`${name} ${installed[`node_modules/${name}`]?.version ?? "absent"}\n`);
  return hash.digest("hex").slice(0, 12);
}

/** `@scope/name/file` → `@scope/name`. */
function packageOf(path) {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}
