// `node tools/bundle.mjs api|trainer|cli|web|bench [outdir]`: bundles the app, by default into its dist. Prints the build where there is one.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleApp } from "./bundle-app.mjs";

const [, , app, outdir] = process.argv;
const dist = fileURLToPath(new URL(app === "bench" ? "../bench/dist" : `../apps/${app}/dist`, import.meta.url));
if (outdir === undefined) rmSync(dist, { recursive: true, force: true });
const build = await bundleApp(app, { outdir: outdir ?? dist });
if (build !== null) console.log(build);
