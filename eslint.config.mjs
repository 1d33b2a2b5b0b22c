import nx from "@nx/eslint-plugin";
import parser from "@typescript-eslint/parser";
import { boundaries } from "./tools/boundaries.mjs";

const pure = ["contracts", "numerics", "domain", "search", "problems"].map((lib) => `libs/${lib}/src/**/*.ts`);

/** What is this project's own. The rules that every TypeScript project shares are in .oxlintrc.json. */
export default [
  {
    ignores: [
      "**/dist/**",
      "**/.next/**",
      "**/generated/**",
      "**/node_modules/**",
      ".basin/**",
      ".peers/**",
      "coverage/**",
      "libs/engine/kernels/**",
      "apps/web/next-env.d.ts",
    ],
  },
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "@nx": nx },
    languageOptions: { parser },
    rules: {
      "@nx/enforce-module-boundaries": ["error", boundaries],
      "no-restricted-syntax": ["error", { selector: "ExportAllDeclaration", message: "List what is exported by name." }],
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "@basin/testing", message: "Only specs may import @basin/testing." }] },
      ],
    },
  },
  {
    files: [
      "**/*.spec.{ts,tsx}",
      "**/*.e2e.ts",
      "e2e/**/*.ts",
      "**/*.testing.ts",
      "**/testing/**/*.ts",
      "**/specs/**/*.ts",
      "bench/**/*.ts",
    ],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: pure,
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Pure libraries draw from numerics' keyed generator." },
        { object: "Date", property: "now", message: "Pure libraries have no clock." },
        { object: "performance", property: "now", message: "Pure libraries have no clock." },
      ],
    },
  },
];
