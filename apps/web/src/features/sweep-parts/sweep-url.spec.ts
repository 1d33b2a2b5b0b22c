import { expect, it } from "vitest";
import { listOf, queryWith } from "./sweep-url";

it("changes only what it is told to", () => {
  expect(queryWith("?tab=curves&band=iqr", { band: null, by: ["activation", "seed"] })).toBe("?tab=curves&by=activation,seed");
  expect(queryWith("?tab=curves", { tab: null })).toBe("");
  expect(queryWith("", { by: [] })).toBe("?by=");
});

it("tells an empty list from none", () => {
  expect(listOf(null)).toBeNull();
  expect(listOf("")).toEqual([]);
  expect(listOf("a,b")).toEqual(["a", "b"]);
});
