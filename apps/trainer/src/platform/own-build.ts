import { BuildId } from "@basin/contracts";
import { extensionHash } from "./extension-hash";
import { extensionPath } from "./import-extension";

/** Written in by tools/bundle-app.mjs. */
declare const BASIN_BUILD: string;

/** The build of Basin's own sources that this file was bundled with. Throws in a bundle that was made otherwise. */
function sourcesBuild(): BuildId {
  if (typeof BASIN_BUILD === "undefined")
    throw new Error("this trainer does not know its build: bundle it with tools/bundle.mjs");
  return BuildId.parse(BASIN_BUILD);
}

/** The build of this trainer: its sources, and the extensions that it loads. */
export function ownBuild(extensions: readonly string[]): BuildId {
  const hash = extensionHash(extensions.map(extensionPath));
  return hash === null ? sourcesBuild() : `${sourcesBuild()}-${hash}`;
}
