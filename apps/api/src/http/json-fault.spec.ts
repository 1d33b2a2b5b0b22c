import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonFault, nestsDeeperThan } from "./json-fault";

describe("findJsonFault", () => {
  it.each([
    ['{"a": 1,}', 1, 9, 'expected a field name in double quotes, found "}"'],
    ['{"a": NaN}', 1, 7, "NaN is not JSON"],
    ['{"a": -Infinity}', 1, 7, "-Infinity is not JSON"],
    ['{\n  "a": [1, 2\n}', 3, 1, 'expected "," or "]", found "}"'],
    ["", 1, 1, "the text ends where a value should follow"],
    ['{"a"', 1, 5, 'the text ends where ":" should follow'],
    ["{'a': 1}", 1, 2, "expected a field name in double quotes or"],
    ["[1] x", 1, 5, '"x" follows the end of the JSON value'],
    ['["\\x"]', 1, 2, "unknown escape"],
  ])("says where %j breaks", (text, line, column, message) => {
    const fault = findJsonFault(text);
    expect(fault).toMatchObject({ line, column });
    expect(fault?.message).toContain(message);
  });

  it("agrees with JSON.parse about what is JSON", () => {
    const spoiled = fc.tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", '"', "NaN", "]")).map(([text, at, put]) => {
      const position = at % (text.length + 1);
      return text.slice(0, position) + put + text.slice(position + 1);
    });
    fc.assert(
      fc.property(fc.oneof(fc.json(), spoiled), (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        expect(findJsonFault(text) === null).toBe(parses);
      }),
      { numRuns: 500 },
    );
  });
});

it("survives megabytes of text and of brackets", () => {
  expect(findJsonFault(`["${"x".repeat(4_000_000)}`)).toMatchObject({ offset: 1 });
  expect(findJsonFault("[".repeat(4_000_000))).toMatchObject({ offset: 4_000_000 });
});

describe("nestsDeeperThan", () => {
  it("counts brackets outside of strings", () => {
    expect(nestsDeeperThan('[[["]]]]"]]]', 3)).toBe(false);
    expect(nestsDeeperThan('[[["[[["]]]', 3)).toBe(false);
    expect(nestsDeeperThan('{"a":[{"b":1}]}', 2)).toBe(true);
    expect(nestsDeeperThan('["\\"[[["]', 1)).toBe(false);
  });
});
