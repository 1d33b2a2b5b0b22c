import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  Configuration,
  Dimension,
  issuesOf,
  packFloat64,
  packInt32,
  partsOfRunId,
  RunId,
  runIdOf,
  routes,
  routeUrl,
  seedsOf,
  storableText,
  SweepId,
  SweepSpec,
  toStorable,
  unpackFloat64,
  unpackInt32,
} from "./index";
import { isJsonText, type Route } from "./http/route";

const sweep = SweepId.parse("k3v9x2mq");

describe("ids", () => {
  it("run ids carry their coordinates", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 99_999 }), (trialIndex, seedIndex) => {
        expect(partsOfRunId(runIdOf(sweep, trialIndex, seedIndex))).toEqual({ sweep, trialIndex, seedIndex });
      }),
    );
  });
  it.each(["", "k3v9x2mq", "k3v9x2mq-1", "K3V9X2MQ-1-1", "k3v9x2mi-1-1", "k3v9x2mq--1-1", "k3v9x2mq-1-1 "])(
    "refuses %j as a run id",
    (text) => {
      expect(RunId.safeParse(text).success).toBe(false);
    },
  );
});

describe.each(["Node", "a browser, which has no Buffer"])("packed arrays in %s", (where) => {
  const NodeBuffer = Buffer;
  const away = (): void => {
    if (where !== "Node") vi.stubGlobal("Buffer", undefined);
  };
  afterEach(() => vi.unstubAllGlobals());

  it("are the base-64 of little-endian memory", () => {
    away();
    expect(packInt32([1, -2])).toBe(NodeBuffer.from([1, 0, 0, 0, 254, 255, 255, 255]).toString("base64"));
  });
  it("keep every bit of a double, NaN and infinities included", () => {
    fc.assert(
      fc.property(fc.float64Array(), (values) => {
        away();
        expect(unpackFloat64(packFloat64(values))).toEqual(values);
      }),
    );
    expect([...unpackFloat64(packFloat64([NaN, Infinity, -Infinity, -0]))]).toEqual([NaN, Infinity, -Infinity, -0]);
  });
  it("keep int32", () => {
    fc.assert(
      fc.property(fc.int32Array(), (values) => {
        away();
        expect(unpackInt32(packInt32(values))).toEqual(values);
      }),
    );
  });
});

describe("sweep spec", () => {
  it("fills defaults in", () => {
    expect(SweepSpec.parse({ experiment: "loss-minimization" })).toMatchObject({
      space: {},
      search: { algorithm: "grid", seed: 0 },
      seeds: { count: 5, first: 0 },
      pool: "default",
      retryLimit: 3,
    });
  });
  it("is stable under parsing twice", () => {
    const once = SweepSpec.parse({
      experiment: "x",
      space: { learningRate: { type: "int", min: 1, max: 3 } },
      seeds: { list: [3, 1] },
    });
    expect(SweepSpec.parse(once)).toEqual(once);
    expect(seedsOf(once.seeds)).toEqual([3, 1]);
  });
  it.each([
    [{ space: { learningRate: { type: "choice", values: [1e-3, NaN] } } }, "space.learningRate.values[1]"],
    [{ space: { learningRate: { type: "choice", values: [1e-3, null] } } }, "space.learningRate.values[1]"],
    [{ space: { learningRate: { type: "choice", values: [] } } }, "space.learningRate.values"],
    [{ space: { learningRate: { type: "log-float", min: 0, max: 1 } } }, "space.learningRate.min"],
    [{ space: { learningRate: { type: "float", min: 2, max: 1 } } }, "space.learningRate.max"],
    [{ space: { learningRate: { type: "logfloat", min: 1, max: 2 } } }, "space.learningRate.type"],
    [{ seeds: { list: [1, 1] } }, "seeds.list"],
    [{ retrylimit: 1 }, "retrylimit"],
    [{ seeds: { count: 0 } }, "seeds.count"],
  ])("names the field that is wrong in %j", (wrong, path) => {
    const parsed = SweepSpec.safeParse({ experiment: "x", ...wrong });
    expect(parsed.success ? [] : issuesOf(parsed.error).map((issue) => issue.path)).toContain(path);
  });
});

describe("values", () => {
  it("a configuration takes numbers, text, booleans and lists, nothing nested", () => {
    expect(Configuration.safeParse({ a: 1, b: "x", c: true, d: [1, 2], e: ["x"] }).success).toBe(true);
    expect(Configuration.safeParse({ a: { b: 1 } }).success).toBe(false);
    expect(Configuration.safeParse({ a: Infinity }).success).toBe(false);
  });
  it("an int dimension has a step of 1 unless told", () => {
    expect(Dimension.parse({ type: "int", min: 0, max: 4 })).toEqual({ type: "int", min: 0, max: 4, step: 1 });
  });
});

describe("text from outside", () => {
  it("loses only what Postgres cannot store", () => {
    expect(toStorable("a\u0000b\uD800c😀")).toBe("a\uFFFDb\uFFFDc😀");
    expect(storableText(3).safeParse("abcd").success).toBe(false);
  });
});

describe("routes", () => {
  it("have distinct operations", () => {
    const operations = Object.values(routes).map((route) => `${route.method} ${route.path}`);
    expect(new Set(operations).size).toBe(operations.length);
  });
  it("declare every parameter of their path", () => {
    for (const route of Object.values(routes)) {
      const inPath = [...route.path.matchAll(/:([a-z]+)/g)].map((match) => match[1]);
      expect("params" in route ? Object.keys(route.params.shape) : []).toEqual(inPath);
    }
  });
  it("are turned into URLs with lists, numbers and escapes", () => {
    expect(routeUrl("http://h", "listRuns", { params: { sweep }, query: { state: ["failed", "diverged"], limit: 5 } })).toBe(
      "http://h/api/v1/sweeps/k3v9x2mq/runs?state=failed%2Cdiverged&limit=5",
    );
  });
});

describe("lists in queries", () => {
  const lists = Object.entries(routes).flatMap(([route, { query }]: [string, Route]) =>
    Object.entries(query?.shape ?? {}).flatMap(([name, field]) => {
      const schema = z.toJSONSchema(field as z.ZodType, { unrepresentable: "any" });
      return schema.type === "array" && !isJsonText(field as z.ZodType) ? [{ route, name, field: field as z.ZodType }] : [];
    }),
  );
  /** Where a list of none asks for something: all runs together, or the answer about no run. */
  const meaningful = ["groupBy", "runs"];

  it("are found", () => expect(lists.length).toBeGreaterThan(10));

  it.each(lists)("$route: an empty $name is refused, or asks for none", ({ name, field }) => {
    const empty = field.safeParse("");
    if (meaningful.includes(name)) expect(empty.data).toEqual([]);
    else expect(empty.error?.issues[0]?.message).toContain("lists nothing: leave it out");
    for (const text of [",", "a,", ",a", "a,,b"]) expect(field.safeParse(text).success, text).toBe(false);
    expect(field.safeParse(undefined)).toMatchObject({ success: true, data: undefined });
  });
});
