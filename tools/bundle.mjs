// Bundles a Node app: our own TypeScript into a few files, npm packages left to node_modules.
import { build } from "esbuild";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const entries = {
  api: { main: "src/main.ts" },
  trainer: { main: "src/main.ts", "pack-worker": "src/worker/pack-worker.ts" },
  cli: { basin: "src/basin.ts" },
  web: { main: "server/main.ts" },
  bench: { main: "src/main.ts" },
};
const app = process.argv[2];
const folder = fileURLToPath(new URL(app === "bench" ? "../bench" : `../apps/${app}`, import.meta.url));
rmSync(`${folder}/dist`, { recursive: true, force: true });
// Without shared chunks: the trainer's main thread must not load what only its workers need (TensorFlow.js).
for (const [name, entry] of Object.entries(entries[app])) await bundle({ [name]: entry }, app !== "trainer");

/** @param {Record<string, string>} entryPoints @param {boolean} splitting into chunks that are loaded when they are needed */
function bundle(entryPoints, splitting) {
  return build({
    absWorkingDir: folder,
    entryPoints,
    splitting,
    outdir: "dist",
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "linked",
    logLevel: "warning",
    plugins: [
      {
        name: "packages-stay-outside",
        setup(context) {
          context.onResolve({ filter: /^[^./]/ }, (args) => {
            if (args.kind === "entry-point" || args.path.startsWith("@basin/")) return undefined;
            return { path: args.path, external: true };
          });
        },
      },
    ],
  });
}
