import { apiPrefix, routes, type RouteName } from "@basin/contracts";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi-document";

const document = openApiDocument("1.2.3", "off");
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
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* objectsIn(part);
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

  it("is valid OpenAPI 3.1", async () => {
    for (const auth of ["off", "token"] as const) {
      const validator = new Validator();
      expect(await validator.validate({ ...structuredClone(openApiDocument("1.2.3", auth)) })).toEqual({ valid: true });
      expect(validator.version).toBe("3.1");
    }
    const broken = structuredClone(document) as unknown as { paths: Record<string, { get?: { responses: unknown } }> };
    broken.paths[`${apiPrefix}/catalog`] = { get: { responses: [] } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it("has schemas that are JSON Schema draft 2020-12, tuples included", () => {
    const ajv = new Ajv2020({ strict: false });
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect(ajv.validateSchema(schema as object), name).toBe(true);
    }
    const tuples = [...objectsIn(document)].filter((part) => "prefixItems" in part);
    expect(tuples.length).toBeGreaterThan(0);
    expect([...objectsIn(document)].filter((part) => Array.isArray(part["items"]) && "type" in part)).toEqual([]);
  });

  const operation = (name: RouteName) => {
    const found = operations.find(({ operation: { operationId } }) => operationId === name)?.operation;
    if (!found) throw new Error(`no operation ${name}`);
    return found as {
      parameters?: { name?: string; $ref?: string; schema?: unknown; content?: unknown }[];
      requestBody?: { content: object };
      responses: Record<string, { content?: Record<string, unknown> }>;
      security?: unknown;
    };
  };

  it.each<[RouteName, string[]]>([
    ["createSweep", ["201"]],
    ["cloneSweep", ["201"]],
    ["extendSweep", ["200"]],
    ["openSession", ["200"]],
    ["uploadDataset", ["200", "201"]],
    ["getArtifactContent", ["200", "206", "304"]],
  ])("names the successes of %s", (name, statuses) => {
    expect(Object.keys(operation(name).responses).filter((status) => status < "400")).toEqual(statuses);
  });

  it("names the failures of each operation", () => {
    for (const { operation: each } of operations) {
      const statuses = Object.keys((each as { responses: object }).responses);
      expect(statuses, String(each.operationId)).toEqual(
        expect.arrayContaining(["400", "401", "403", "408", "431", "500", "503"]),
      );
      expect(statuses).not.toContain("default");
    }
    for (const name of ["compare", "compareCurves", "testPair"] as const)
      expect(Object.keys(operation(name).responses)).toEqual(expect.arrayContaining(["404", "413", "415"]));
    for (const name of ["createSweep", "cloneSweep", "extendSweep"] as const)
      expect(Object.keys(operation(name).responses)).toContain("422");
  });

  it("says which parts are JSON in a text, which media types come, and what may be sent", () => {
    for (const [route, name] of [
      ["listRuns", "where"],
      ["getRunPlots", "group"],
      ["getCurveMembers", "group"],
      ["uploadDataset", "texts"],
    ] as const) {
      const parameter = operation(route).parameters?.find((one) => one.name === name);
      expect(parameter, name).toHaveProperty(["content", "application/json", "schema"]);
      expect(parameter).not.toHaveProperty("schema");
    }
    expect(Object.keys(operation("getArtifactContent").responses["200"]?.content ?? {})).toContain(
      "application/vnd.basin.plot+json",
    );
    expect(operation("uploadDataset").requestBody?.content).toEqual({ "application/octet-stream": {} });
    expect(operation("createSweep").parameters).toEqual([{ $ref: "#/components/parameters/IdempotencyKey" }]);
  });

  it("says how to show a token, and where none is needed", () => {
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: "http", scheme: "bearer" },
      cookie: { type: "apiKey", in: "cookie", name: "basin_token" },
    });
    expect(document.security).toContainEqual({});
    expect(openApiDocument("1.2.3", "token").security).toEqual([{ bearer: [] }, { cookie: [] }]);
    expect(operation("openSession").security).toEqual([]);
    expect(operation("createSweep").security).toBeUndefined();
  });
});
