import { BuildId } from "@basin/contracts";

/** Written in by tools/bundle-app.mjs. */
declare const BASIN_BUILD: string;

/** The build of the sources that this process was bundled with, extensions apart; null when it runs from its sources. */
export const ownBuild: BuildId | null = typeof BASIN_BUILD === "undefined" ? null : BuildId.parse(BASIN_BUILD);
