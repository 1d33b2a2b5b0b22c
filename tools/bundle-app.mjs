// Bundles a Node app: our own TypeScript into a few files, npm packages left to node_modules.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { buildId, packagesStayOutside } from "./build-id.mjs";

const entries = {
  api: { main: "src/main.ts", ledger: "src/ledger.ts", "work-thread": "src/work-threads/work-thread.ts" },
  trainer: { main: "src/main.ts", "pack-worker": "src/worker/pack-worker.ts" },
  cli: { basin: "src/basin.ts" },
  web: { main: "server/main.ts" },
  bench: { main: "src/main.ts" },
};
/** These know the build of the sources they were made with, as the constant BASIN_BUILD. */
const versioned = ["api", "trainer"];

/**
 * `outdir`: within the app's folder or below a node_modules, so that packages are found. `plugins`: of esbuild, before ours. Resolves
 * to the build, null for an app that knows none.
 */
export async function bundleApp(app, { outdir, plugins = [] }) {
  const id = versioned.includes(app) ? await buildId({ plugins }) : null;
  const define = id === null ? {} : { BASIN_BUILD: JSON.stringify(id) };
  // Without shared chunks: the trainer's main thread must not load what only its workers need (TensorFlow.js).
  const splitting = app !== "trainer";
  for (const entry of Object.entries(entries[app])) {
    await build({
      absWorkingDir: fileURLToPath(new URL(app === "bench" ? "../bench" : `../apps/${app}`, import.meta.url)),
      entryPoints: Object.fromEntries([entry]),
      splitting,
      outdir,
      define,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      sourcemap: "linked",
      logLevel: "warning",
      plugins: [...plugins, packagesStayOutside],
    });
  }
  return id;
}
