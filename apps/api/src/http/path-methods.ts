/** Which methods are answered at a path, by the patterns of the router (`/sweeps/:sweep`, `/api/docs/*`). */
export class PathMethods {
  readonly #patterns = new Map<string, { path: RegExp; methods: Set<string> }>();

  add(methods: string | readonly string[], pattern: string): void {
    let known = this.#patterns.get(pattern);
    if (!known) this.#patterns.set(pattern, (known = { path: expressionOf(pattern), methods: new Set() }));
    for (const method of typeof methods === "string" ? [methods] : methods) known.methods.add(method);
  }

  /** In alphabetical order; empty where nothing is. */
  at(path: string): string[] {
    const found = [...this.#patterns.values()].filter((known) => known.path.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split("/").map((part) => {
    if (part === "*") return ".*";
    return part.startsWith(":") ? "[^/]+" : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("/")}$`);
}
