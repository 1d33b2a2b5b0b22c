import {
  apiPrefix,
  Artifact,
  Attempt,
  Catalog,
  ChangeV1,
  Configuration,
  Curves,
  Dimension,
  ErrorBody,
  ExperimentDescriptor,
  ExtendSweep,
  GroupCurve,
  Issue,
  MetricDescriptor,
  Objective,
  ParameterValue,
  PlotDescriptor,
  ResultGroup,
  Results,
  routes,
  Run,
  RunCounts,
  RunDetail,
  RunSeries,
  SearchAlgorithmDescriptor,
  SearchSpec,
  SeedSpec,
  Series,
  Space,
  Statistics,
  SuccessCriterion,
  Sweep,
  SweepPreview,
  SweepRequest,
  SweepSpec,
  Trainer,
  Trial,
  type Route,
} from "@basin/contracts";
import { z } from "zod";

/** JSON Schema draft 2020-12, which OpenAPI 3.1 uses as it is. */
type JsonSchema = Record<string, unknown>;

export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, JsonSchema>; responses: Record<string, unknown> };
}

/** Schemas that get a name of their own in the document; every other one is written out where it is used. */
const named = {
  Artifact,
  Attempt,
  Catalog,
  Change: ChangeV1,
  Configuration,
  Curves,
  Dimension,
  Error: ErrorBody,
  Experiment: ExperimentDescriptor,
  ExtendSweep,
  GroupCurve,
  Issue,
  MetricDescriptor,
  Objective,
  ParameterValue,
  Plot: PlotDescriptor,
  ResultGroup,
  Results,
  Run,
  RunCounts,
  RunDetail,
  RunSeries,
  SearchAlgorithm: SearchAlgorithmDescriptor,
  SearchSpec,
  SeedSpec,
  Series,
  Space,
  Statistics,
  SuccessCriterion,
  Sweep,
  SweepPreview,
  SweepRequest,
  SweepSpec,
  Trainer,
  Trial,
};

type Direction = "input" | "output";

/**
 * Turns zod schemas into JSON Schema and collects the named ones. What is sent to the API (defaults may be left out) and what
 * comes back (they are filled in) can differ; where they do, the name of the former ends in `Input`.
 */
class SchemaCollector {
  readonly schemas: Record<string, JsonSchema> = {};
  private readonly registry = z.registry<{ id: string }>();

  constructor() {
    for (const [id, schema] of Object.entries(named)) this.registry.add(schema, { id });
    this.schema(ChangeV1, "output");
    // A request's dimensions refer to these by name.
    for (const schema of [Dimension, ParameterValue]) this.schema(schema, "input");
  }

  schema(schema: z.ZodType, direction: Direction): JsonSchema {
    const {
      $schema: _dialect,
      $defs,
      ...root
    } = z.toJSONSchema(schema, {
      metadata: this.registry,
      io: direction,
      unrepresentable: "any",
    }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    for (const [id, definition] of Object.entries($defs ?? {})) this.keep(id, definition, direction);
    const { id, ...rest } = root;
    if (typeof id !== "string" || !(id in named)) return this.relink(root, direction);
    this.keep(id, rest, direction);
    return { $ref: `#/components/schemas/${this.nameOf(id, direction)}` };
  }

  private keep(id: string, definition: JsonSchema, direction: Direction): void {
    const { id: _id, ...rest } = definition;
    this.schemas[this.nameOf(id, direction)] ??= this.relink(rest, direction);
  }

  /** The same name for both directions, unless the schemas differ. */
  private nameOf(id: string, direction: Direction): string {
    if (direction === "output") return id;
    const schema = named[id as keyof typeof named];
    const text = (io: Direction): string => JSON.stringify(open(z.toJSONSchema(schema, { io, unrepresentable: "any" })));
    return text("input") === text("output") ? id : `${id}Input`;
  }

  private relink(schema: JsonSchema, direction: Direction): JsonSchema {
    const relinked = JSON.parse(
      JSON.stringify(schema, (key, value: unknown) =>
        key === "$ref" && typeof value === "string"
          ? `#/components/schemas/${this.nameOf(value.replace("#/$defs/", ""), direction)}`
          : value,
      ),
    ) as JsonSchema;
    return direction === "output" ? open(relinked) : relinked;
  }
}

/** Without `additionalProperties: false`: an answer may gain fields without breaking who reads it. */
function open(schema: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === "additionalProperties" && value === false ? undefined : value)),
  ) as JsonSchema;
}

function parametersOf(collector: SchemaCollector, shape: z.ZodObject | undefined, place: "path" | "query"): unknown[] {
  return Object.entries(shape?.shape ?? {}).map(([name, field]) => {
    const schema = field as z.ZodType;
    const json = collector.schema(schema, "output");
    const list = json.type === "array";
    const { description, ...rest } = json;
    return {
      name,
      in: place,
      required: place === "path" || !schema.safeParse(undefined).success,
      ...(typeof description === "string" ? { description } : {}),
      schema: rest,
      ...(list ? { style: "form", explode: false } : {}),
    };
  });
}

function contentOf(collector: SchemaCollector, route: Route): unknown {
  const mediaTypes = route.mediaTypes ?? ["application/json"];
  return Object.fromEntries(
    mediaTypes.map((type) => [
      type,
      type === "application/octet-stream" ? {} : { schema: collector.schema(route.response, "output") },
    ]),
  );
}

/** Which error answers a route can give, besides those that every route can. */
function errorsOf(route: Route): Record<string, unknown> {
  const ref = (name: string): unknown => ({ $ref: `#/components/responses/${name}` });
  return {
    ...(route.params || route.query || route.body ? { "400": ref("Invalid") } : {}),
    ...(route.params ? { "404": ref("NotFound") } : {}),
    ...(route.method !== "GET" && route.params ? { "409": ref("Conflict") } : {}),
    ...(route.body ? { "413": ref("TooLarge") } : {}),
    ...(route.ranges ? { "416": ref("NoSuchRange") } : {}),
    "503": ref("Unavailable"),
    default: ref("Failed"),
  };
}

/** The document of every route of the contracts; nothing in it is written by hand twice. */
export function openApiDocument(version: string): OpenApiDocument {
  const collector = new SchemaCollector();
  const paths: OpenApiDocument["paths"] = {};
  for (const [name, declared] of Object.entries(routes)) {
    const route: Route = declared;
    const path = `${apiPrefix}${route.path}`.replace(/:([a-zA-Z]+)/g, "{$1}");
    const tag = route.path.split("/")[1] ?? "";
    const status = name === "createSweep" || name === "cloneSweep" ? "201" : "200";
    const parameters = [...parametersOf(collector, route.params, "path"), ...parametersOf(collector, route.query, "query")];
    (paths[path] ??= {})[route.method.toLowerCase()] = {
      operationId: name,
      summary: route.summary,
      tags: [tag],
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(route.body
        ? { requestBody: { required: true, content: { "application/json": { schema: collector.schema(route.body, "input") } } } }
        : {}),
      responses: {
        [status]: { description: status === "201" ? "Created" : "OK", content: contentOf(collector, route) },
        ...(route.ranges
          ? { "206": { description: "The part that `Range` asks for", content: contentOf(collector, route) } }
          : {}),
        ...errorsOf(route),
      },
    };
  }
  const error = { "application/json": { schema: collector.schema(ErrorBody, "output") } };
  const failure = (description: string): unknown => ({ description, content: error });
  return {
    openapi: "3.1.0",
    info: {
      title: "Basin",
      version,
      description: "Distributed experiments for many small neural networks: sweeps, runs, metrics and results.",
    },
    servers: [{ url: "/" }],
    tags: [...new Set(Object.values(routes).map((route) => route.path.split("/")[1] ?? ""))].map((name) => ({ name })),
    paths,
    components: {
      schemas: collector.schemas,
      responses: {
        Invalid: failure("What was sent cannot be used; `issues` names each field"),
        NotFound: failure("There is no such thing"),
        Conflict: failure("The present state does not allow it"),
        NoSuchRange: failure("The range begins behind the end; `Content-Range` tells the length"),
        TooLarge: failure("The body is above the limit"),
        Unavailable: failure("Database or NATS cannot be reached; try again after `Retry-After` seconds"),
        Failed: failure("Anything else that went wrong"),
      },
    },
  };
}
