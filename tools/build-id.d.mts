import type { Plugin } from "esbuild";

export declare const packagesStayOutside: Plugin;
export declare function buildId(options?: { plugins?: Plugin[] }): Promise<string>;
