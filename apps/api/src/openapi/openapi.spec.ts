import { routes, apiPrefix } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi-document";

const document = openApiDocument("1.2.3");
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Record<string, unknown> })),
);

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === "$ref" && typeof part === "string") yield part;
    else yield* refsIn(part);
  }
}
function resolve(ref: string): unknown {
  return ref
    .replace("#/", "")
    .split("/")
    .reduce<unknown>(
      (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
      document,
    );
}

describe("the OpenAPI document", () => {
  it("has every route of the contracts exactly once, under its method and path", () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(Object.keys(routes).sort());
    for (const { path, method, operation } of operations) {
      const route = routes[operation.operationId as keyof typeof routes];
      expect(method.toUpperCase()).toBe(route.method);
      expect(path.replace(/\{(\w+)\}/g, ":$1")).toBe(`${apiPrefix}${route.path}`);
    }
  });

  it("has no reference that leads nowhere, and none out of the document", () => {
    const refs = [...refsIn(document)];
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of refs) expect(resolve(ref), ref).toBeTypeOf("object");
  });

  it("names the shapes that matter, and tells what is sent from what comes back", () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Sweep", "SweepSpec", "SweepRequestInput", "Run", "Results", "Error", "Change"]),
    );
    const input = document.components.schemas.SweepRequestInput as { required: string[] };
    const output = document.components.schemas.SweepSpec as { required: string[] };
    expect(input.required).toEqual(["experiment"]);
    expect(output.required).toEqual(expect.arrayContaining(["experiment", "space", "search", "seeds"]));
  });

  it("describes the parameters of a route as its validation sees them", () => {
    const list = operations.find(({ operation }) => operation.operationId === "listSweeps")?.operation;
    expect(list?.parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "limit", in: "query", required: false }),
        expect.objectContaining({ name: "state", in: "query", required: false, style: "form", explode: false }),
      ]),
    );
    const curves = operations.find(({ operation }) => operation.operationId === "getCurves")?.operation;
    expect(curves?.parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "sweep", in: "path", required: true }),
        expect.objectContaining({ name: "metric", in: "query", required: true }),
      ]),
    );
  });
});
