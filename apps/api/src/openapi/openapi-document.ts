import {
  apiPrefix,
  ChangeV2,
  Dimension,
  errorStatuses,
  errorStatusesOf,
  ErrorBody,
  idempotencyHeader,
  idempotencyHours,
  isJsonText,
  rolesOf,
  ParameterValue,
  routes,
  sessionCookie,
  TrainerChangeV1,
  type ErrorStatus,
  type Route,
} from "@basin/contracts";
import { STATUS_CODES } from "node:http";
import type { z } from "zod";
import type { Env } from "../platform/env";
import { SchemaCollector, type JsonSchema } from "./schema-collector";

export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  security: Record<string, string[]>[];
  paths: Record<string, Record<string, unknown>>;
  components: Record<"schemas" | "responses" | "parameters" | "securitySchemes", Record<string, unknown>>;
}

function parametersOf(collector: SchemaCollector, shape: z.ZodObject | undefined, place: "path" | "query"): unknown[] {
  return Object.entries(shape?.shape ?? {}).map(([name, field]) => {
    const schema = field as z.ZodType;
    const { description, ...json } = collector.schema(schema, "output");
    const form = json.type === "array" ? { style: "form", explode: false } : {};
    return {
      name,
      in: place,
      required: place === "path" || !schema.safeParse(undefined).success,
      ...(typeof description === "string" ? { description } : {}),
      ...(isJsonText(schema) ? { content: { "application/json": { schema: json } } } : { schema: json, ...form }),
    };
  });
}

function contentOf(collector: SchemaCollector, route: Route): Record<string, unknown> {
  if (!route.mediaTypes) return { "application/json": { schema: collector.schema(route.response, "output") } };
  const isText = (type: string): boolean => type.startsWith("text/") || type.endsWith("ndjson");
  return Object.fromEntries(route.mediaTypes.map((type) => [type, isText(type) ? { schema: { type: "string" } } : {}]));
}

function bodyOf(collector: SchemaCollector, route: Route): object {
  if (route.upload !== undefined) return { requestBody: { required: true, content: { [route.upload]: {} } } };
  if (!route.body) return {};
  return { requestBody: { required: true, content: { "application/json": { schema: collector.schema(route.body, "input") } } } };
}

/** 304 has no body. */
function successesOf(collector: SchemaCollector, route: Route): Record<string, unknown> {
  const statuses = [...(route.statuses ?? [200]), ...(route.ranges ? [206] : [])];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: STATUS_CODES[status], ...(status === 304 ? {} : { content: contentOf(collector, route) }) },
    ]),
  );
}

/** Headers that tell a machine what to do about a failure. */
const failureHeaders: Partial<Record<ErrorStatus, [name: string, description: string, type: "string" | "integer"]>> = {
  401: ["WWW-Authenticate", "The scheme that is asked for", "string"],
  429: ["Retry-After", "Seconds to wait", "integer"],
  405: ["Allow", "The methods that are answered here", "string"],
  416: ["Content-Range", "How long the content is: `bytes */LENGTH`", "string"],
  503: ["Retry-After", "Seconds to wait", "integer"],
};

function failures(error: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(errorStatuses).map(([status, { name, means }]) => {
      const header = failureHeaders[Number(status) as ErrorStatus];
      const headers = header ? { headers: { [header[0]]: { description: header[1], schema: { type: header[2] } } } } : {};
      return [name, { description: means, ...headers, content: { "application/json": { schema: error } } }];
    }),
  );
}

/** Who may ask, in words. */
function doorOf(route: Route): string {
  if (route.role === "public") return "Takes no token.";
  const steered = route.steers === true ? " A member may with what is their own." : "";
  return `Where tokens are asked for: of the role ${rolesOf(route).join(", ")}.${steered}`;
}

/** The document of every route of the contracts; nothing in it is written by hand twice. */
export function openApiDocument(version: string, auth: Env["auth"]): OpenApiDocument {
  const collector = new SchemaCollector();
  for (const event of [ChangeV2, TrainerChangeV1]) collector.schema(event, "output");
  // The short forms of a request's space refer to these by name.
  for (const schema of [Dimension, ParameterValue]) collector.schema(schema, "input");
  const paths: OpenApiDocument["paths"] = {};
  for (const [name, declared] of Object.entries(routes)) {
    const route: Route = declared;
    const path = `${apiPrefix}${route.path}`.replace(/:([a-zA-Z]+)/g, "{$1}");
    const parameters = [
      ...parametersOf(collector, route.params, "path"),
      ...parametersOf(collector, route.query, "query"),
      ...(route.once ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
    ];
    (paths[path] ??= {})[route.method.toLowerCase()] = {
      operationId: name,
      summary: route.summary,
      tags: [route.path.split("/")[1] ?? ""],
      "x-basin-role": route.role,
      description: doorOf(route),
      ...(route.role === "public" ? { security: [] } : {}),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...bodyOf(collector, route),
      responses: {
        ...successesOf(collector, route),
        ...Object.fromEntries(
          errorStatusesOf(route).map((status) => [status, { $ref: `#/components/responses/${errorStatuses[status].name}` }]),
        ),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Basin",
      version,
      description: "Distributed experiments for many small neural networks: sweeps, runs, metrics and results.",
    },
    servers: [{ url: "/" }],
    tags: [...new Set(Object.values(routes).map((route) => route.path.split("/")[1] ?? ""))].map((name) => ({ name })),
    security: [...(auth === "token" ? [] : [{}]), { bearer: [] }, { cookie: [] }],
    paths,
    components: {
      responses: failures(collector.schema(ErrorBody, "output")),
      schemas: collector.schemas,
      parameters: {
        IdempotencyKey: {
          name: idempotencyHeader,
          in: "header",
          required: false,
          description: `Names this request: sent again with the same key within ${idempotencyHours} hours, it is answered as the first time and not done again. Send a new UUID with each request.`,
          schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[\\x20-\\x7e]+$" },
        },
      },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A token of Basin, where tokens are asked for (BASIN_AUTH=token)",
        },
        cookie: {
          type: "apiKey",
          in: "cookie",
          name: sessionCookie,
          description: "The token, as `POST /session` keeps it in a browser",
        },
      },
    },
  };
}
