import type { Plugin } from "esbuild";

export declare function bundleApp(
  app: "api" | "trainer" | "cli" | "web" | "bench",
  options: { outdir: string; plugins?: Plugin[] },
): Promise<string | null>;
