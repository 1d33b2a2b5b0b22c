// Who may import whom (docs/architecture.md shows the same as a table). Two dimensions: the layer and the runtime.
const layers = {
  contracts: [],
  client: ["contracts"],
  numerics: [],
  equations: ["contracts", "numerics"],
  domain: ["contracts"],
  search: ["contracts", "numerics", "equations"],
  problems: ["contracts", "numerics", "equations"],
  engine: ["contracts", "numerics"],
  models: ["contracts", "numerics", "problems", "engine"],
  database: ["contracts", "domain"],
  messaging: ["contracts"],
  stack: [],
  ui: ["contracts"],
  testing: ["contracts", "domain", "database", "messaging", "stack"],
  // Its specs ask a whole process over HTTP as clients do.
  api: ["contracts", "client", "numerics", "domain", "search", "problems", "database", "messaging"],
  trainer: ["contracts", "numerics", "problems", "models", "engine", "messaging"],
  web: ["contracts", "client", "ui", "equations"],
  cli: ["contracts", "client", "stack"],
  bench: ["contracts", "client", "numerics", "search", "problems", "models", "engine", "stack", "database", "messaging"],
};

/** Which runtime's libraries each runtime may load: pure code runs everywhere. */
const runtimes = { pure: ["pure"], node: ["pure", "node"], tf: ["pure", "node", "tf"], web: ["pure", "web"] };

/** @basin/testing is open to every layer here and closed to all but specs by no-restricted-imports. */
export const depConstraints = [
  ...Object.entries(layers).map(([layer, may]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: [...may, layer, "testing"].map((name) => `layer:${name}`),
  })),
  ...Object.entries(runtimes).map(([runtime, may]) => ({
    sourceTag: `runtime:${runtime}`,
    onlyDependOnLibsWithTags: [...may.map((name) => `runtime:${name}`), "layer:testing"],
  })),
];

export const boundaries = {
  enforceBuildableLibDependency: false,
  allow: [],
  // Specs of these import @basin/testing, which stands on them.
  ignoredCircularDependencies: ["contracts", "database", "messaging", "stack", "domain", "search", "problems", "numerics"].map(
    (name) => ["@basin/testing", `@basin/${name}`],
  ),
  depConstraints,
};
