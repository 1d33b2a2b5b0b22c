import { z } from "zod";
import { RunId, SweepId } from "../ids";
import type { RouteRole } from "./roles";
import type { ErrorStatus } from "./statuses";

/** Everything below lives under this prefix. */
export const apiPrefix = "/api/v1";

/** One HTTP operation: the server validates with it, the client and the OpenAPI document are derived from it. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  path: string;
  summary: string;
  /** Who may ask, where tokens are asked for; see `roles.ts`. */
  role: RouteRole;
  /** Tokens of trainers may ask, too, for what is of their pool. */
  trainers?: boolean;
  /** Changes nothing although it is no GET: a token that only reads may ask, and the audit log leaves it out. */
  reads?: boolean;
  /** Does something with what its path names: a member may with what is theirs, an admin with everything. */
  steers?: boolean;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Media type of a body that is no JSON: its handler reads it. */
  upload?: string;
  response: z.ZodType;
  /** Of a success; the first is answered unless the handler says another. Default: 200. */
  statuses?: readonly [number, ...number[]];
  /** Of failures, besides those that follow from the route's parts (`errorStatusesOf`). */
  errors?: readonly ErrorStatus[];
  /** Other than application/json. */
  mediaTypes?: readonly string[];
  /** A part of the answer can be asked for with `Range`. */
  ranges?: boolean;
  /** Done once for each `Idempotency-Key`: a request that is sent again gets the answer of the first. */
  once?: boolean;
}
export const define = <R extends Route>(route: R): R => route;

const listed = <T extends z.ZodType>(list: z.ZodArray<T>) =>
  z.preprocess(
    (value) => (value === "" ? [] : typeof value === "string" ? value.split(",") : value),
    list.refine((items) => !items.includes("" as z.output<T>), "has an empty item: separate values by single commas"),
  );

/** A comma-separated list in a query, of at least one item. */
export const csv = <T extends z.ZodType>(item: T) =>
  listed(z.array(item).min(1, "lists nothing: leave it out, or give values separated by commas"));

/** The same where an empty text asks for something, too: a list of none. */
export const csvOrNone = <T extends z.ZodType>(item: T) => listed(z.array(item));

export const flag = z.preprocess(
  (value) => (value === "true" || value === "1" ? true : value === "false" || value === "0" ? false : value),
  z.boolean(),
);

const jsonTexts = new WeakSet<z.ZodType>();

/** JSON text in a query, e.g. `group={"learningRate":0.1}`; callers pass `JSON.stringify(value)`. */
export const jsonText = <T extends z.ZodType>(schema: T) => {
  const text = z
    .string()
    .max(20_000)
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.issues.push({ code: "custom", message: "is not JSON", input: value });
        return z.NEVER;
      }
    })
    .pipe(schema);
  jsonTexts.add(text);
  return text;
};

/** Whether a field of a query is JSON text, optional or not. */
export const isJsonText = (field: z.ZodType): boolean =>
  jsonTexts.has(field) || (field instanceof z.ZodOptional && isJsonText(field.unwrap() as z.ZodType));

/** A whole number in a query, in decimal digits; an empty text is none. */
export const whole = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^[+-]?\d{1,15}$/.test(value) ? Number(value) : value),
    z
      .int({ error: (issue) => (typeof issue.input === "string" ? "must be a whole number" : undefined) })
      .min(least)
      .max(most),
  );

export const count = (fallback: number, most: number, least = 1) => whole(least, most).default(fallback);

/** Every field, upwards and, with - before it, downwards. */
export const eitherWay = <F extends string>(fields: readonly F[]): (F | `-${F}`)[] =>
  fields.flatMap((field): (F | `-${F}`)[] => [field, `-${field}`]);

export const page = {
  cursor: z.string().max(400).optional().describe("`next` of the page before"),
  limit: count(100, 1000),
};
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.int().nullable() });

export const sweepParams = z.object({ sweep: SweepId });
export const runParams = z.object({ run: RunId });
