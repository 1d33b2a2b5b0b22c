import { expect, it } from "vitest";
import { filterOf, isNarrowed, withFilter } from "./sweeps-filter";

const of = (query: string) => filterOf(new URLSearchParams(query));

it("reads the address and leaves out what is no filter", () => {
  expect(of("")).toEqual({});
  expect(of("search=+rate+&state=paused&experiment=digits&tag=a b&owner=ada&sort=-failed")).toEqual({
    search: "rate",
    state: ["paused"],
    experiment: "digits",
    tag: "a b",
    owner: "ada",
    sort: "-failed",
  });
  expect(of("state=asleep&experiment=No+id&sort=colour&sort=-createdAt&other=1")).toEqual({});
  expect(isNarrowed(of("sort=name"))).toBe(false);
  expect(isNarrowed(of("tag=x"))).toBe(true);
});

it("writes one filter and keeps the others", () => {
  expect(withFilter("?a=1", "tag", "x y")).toBe("?a=1&tag=x+y");
  expect(withFilter("?tag=x&sort=name", "tag", "")).toBe("?sort=name");
  expect(withFilter("?sort=name", "sort", "-createdAt")).toBe("");
});
