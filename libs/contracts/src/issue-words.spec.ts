import { expect, test } from "vitest";
import { z } from "zod";
import { issuesOf, routes, SweepRequest, SweepSpec, type Route } from "./index";

const told = (schema: z.ZodType, value: unknown): string[] => {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : issuesOf(parsed.error).map(({ path, message }) => `${path}: ${message}`);
};
const spec = (rest: object): string[] => told(SweepSpec, { experiment: "x", ...rest });
const value = (given: unknown): string[] => spec({ space: { a: { type: "fixed", value: given } } });

test.each([
  [{ seeds: { count: 0 } }, "seeds.count: must be at least 1, not 0"],
  [{ seeds: { count: 1.5 } }, "seeds.count: must be a whole number, not 1.5"],
  [{ seeds: { count: "5" } }, "seeds.count: must be a number, not a text"],
  [{ seeds: { list: [] } }, "seeds.list: needs at least one seed"],
  [{ seeds: { list: [1, -1] } }, "seeds.list[1]: must be at least 0, not -1"],
  [{ name: "" }, "name: must not be empty"],
  [{ name: "x".repeat(121) }, "name: may have at most 120 characters, not 121"],
  [{ tags: Array(21).fill("a") }, "tags: may have at most 20 values, not 21"],
  [{ tags: "a" }, "tags: must be a list, not a text"],
  [{ priority: 101 }, "priority: must be at most 100, not 101"],
  [
    { objective: { metric: "m", direction: "minimise" } },
    'objective.direction: must be one of minimize, maximize, not "minimise"; did you mean "minimize"?',
  ],
  [{ objective: {} }, "objective.metric: is missing: it needs a text"],
  [{ spaces: {} }, 'spaces: unknown field "spaces"; did you mean "space"?'],
  [{ space: 5 }, "space: must be a set of fields, not 5"],
  [{ space: { a: 0.1 } }, "space.a: must be a set of fields, not 0.1"],
  [
    { space: { a: { type: "uniform", min: 0, max: 1 } } },
    'space.a.type: must be one of fixed, choice, int, float, log-float, step, not "uniform"',
  ],
  [
    { space: { a: { min: 0, max: 1 } } },
    "space.a.type: is missing: it must be one of fixed, choice, int, float, log-float, step",
  ],
  [{ space: { a_b: { type: "fixed", value: 1 } } }, "space.a_b: a parameter name is camelCase, at most 64 characters"],
  [
    { budget: { deadline: "2030-01-31T18:00:00" } },
    "budget.deadline: lacks a time zone: write 2030-01-31T18:00:00Z for UTC, or 2030-01-31T18:00:00+01:00",
  ],
  [
    { budget: { deadline: "tomorrow" } },
    "budget.deadline: must be a date and time with its zone that exists, e.g. 2030-01-31T18:00:00Z or 2030-01-31T18:00:00+01:00",
  ],
  [
    { budget: { deadline: "2030-02-31T18:00:00Z" } },
    "budget.deadline: must be a date and time with its zone that exists, e.g. 2030-01-31T18:00:00Z or 2030-01-31T18:00:00+01:00",
  ],
])("%j is refused in words", (rest, sentence) => {
  expect(spec(rest)).toContain(sentence);
});

test.each([
  [null, "must not be nothing (null)"],
  [{ a: 1 }, "must not be a set of fields"],
  [[[[16]]], "must not be a list that holds a list"],
  [[1, "a"], "must not mix numbers and texts in a list"],
  [[1, null], "must not be a list that holds nothing (null)"],
  [[1, Number.NaN], "must hold finite numbers only"],
  [Number.POSITIVE_INFINITY, "must be a finite number"],
  [Array.from({ length: 300 }, (_, i) => `c${i}`), "may be a list of at most 256 items, not 300"],
  ["x".repeat(1001), "may have at most 1000 characters, not 1001"],
])("the value %j", (given, sentence) => {
  const issues = value(given);
  expect(issues).toHaveLength(1);
  expect(issues[0]).toContain(`space.a.value: ${sentence}`);
});

test("whatever is sent to whatever route, no text of the validator's own reaches a person", () => {
  const raw = /Invalid input|Too (small|big)|expected|Unrecognized|Invalid (key|string|number|option|ISO|discriminator|record)/i;
  const strange = [null, undefined, 0, -1, 1.5, 1e300, "", "x", "x".repeat(5000), true, [], [null], [[]], {}, { a: null }];
  const visit = (schema: z.ZodType): void => {
    for (const one of strange) for (const sentence of told(schema, one)) expect(sentence).not.toMatch(raw);
    if (!(schema instanceof z.ZodObject)) return;
    for (const [name, field] of Object.entries<z.ZodType>(schema.shape))
      for (const one of strange)
        for (const sentence of [...told(field, one), ...told(schema, { [name]: one })]) expect(sentence).not.toMatch(raw);
  };
  for (const route of Object.values<Route>(routes))
    for (const part of [route.params, route.query, route.body]) if (part) visit(part);
  visit(SweepRequest);
});

test("of a hundred thousand wrong values a hundred are told and the rest is counted or left", () => {
  const many = spec({ space: { a: { type: "choice", values: Array.from({ length: 100_000 }, () => ({ x: 1 })) } } });
  expect(many).toHaveLength(101);
  expect(many.at(-1)).toMatch(/^: and \d+ more things are wrong$/);
  expect(spec(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1]))).at(-1)).toBe(
    ": and 4900 more things are wrong",
  );
  expect(spec({ seeds: { list: Array.from({ length: 100_000 }, () => "x") } })).toHaveLength(101);
  expect(spec({ seeds: { list: Array.from({ length: 100_001 }, (_, i) => i) } })).toEqual([
    "seeds.list: may have at most 100000 values, not 100001",
  ]);
  expect(spec({ seeds: { list: Array.from({ length: 100_000 }, (_, i) => i) } })).toEqual([]);
});
