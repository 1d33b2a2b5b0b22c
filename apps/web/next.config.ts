import type { NextConfig } from "next";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const config: NextConfig = {
  transpilePackages: ["@basin/client", "@basin/contracts", "@basin/equations", "@basin/numerics", "@basin/ui"],
  outputFileTracingRoot: root,
  turbopack: {
    root,
    rules: {
      "*.ts": {
        condition: { all: ["browser", { path: /libs\/contracts\/src\/http\// }] },
        loaders: [fileURLToPath(new URL("without-descriptions.mjs", import.meta.url))],
      },
    },
  },
  // The typecheck target checks types; checking them a second time would only slow the build.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // A path means one thing however it is written: nothing is redirected, and the proxy passes on what was asked.
  skipTrailingSlashRedirect: true,
  images: { unoptimized: true },
  productionBrowserSourceMaps: false,
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react", "@basin/ui"] },
};

export default config;
