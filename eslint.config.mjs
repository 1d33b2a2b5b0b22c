import nx from "@nx/eslint-plugin";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";
import { boundaries } from "./tools/boundaries.mjs";

const pure = ["contracts", "numerics", "domain", "search", "problems"].map((lib) => `libs/${lib}/src/**/*.ts`);

export default tseslint.config(
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
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { "@nx": nx },
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["*.ts"] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@nx/enforce-module-boundaries": ["error", boundaries],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // Options objects of Nest and Fastify are wider than what they accept.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // Numbers in messages are the normal case here.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // A Nest module is an empty decorated class.
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false, arguments: false } }],
      // One word per meaning: a type parameter that appears once still documents what a builder returns.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // An async function without await turns a throw into a rejection, which is what a promise-typed callback promises.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
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
    rules: {
      "no-restricted-imports": "off",
      // A spec that is wrong about what is there fails, which is its purpose.
      "@typescript-eslint/no-non-null-assertion": "off",
    },
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
  { files: ["**/*.{js,mjs}"], extends: [tseslint.configs.disableTypeChecked] },
  prettier,
);
