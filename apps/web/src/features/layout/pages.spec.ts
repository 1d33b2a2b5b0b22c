import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import pages from "./pages.json";
import { shortcuts } from "./shortcuts";

/** For those who write plots, and absent from a release. */
const unlisted = ["/gallery"];

it("lists every page that stands for itself, and no other", () => {
  const folder = fileURLToPath(new URL("../../app", import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)page\.tsx$/.test(file) && !file.includes("["))
    .map((file) => `/${file.replace(/\/?page\.tsx$/, "")}`);
  expect(pages.map(({ path }) => path).sort()).toEqual(paths.filter((path) => !unlisted.includes(path)).sort());
});

it("gives every page a name, a title and keys of its own", () => {
  const keys = shortcuts.map((each) => each.keys.join(" "));
  for (const list of [pages.map(({ name }) => name), pages.map(({ title }) => title), keys])
    expect(new Set(list).size).toBe(list.length);
  // A key that is "g" alone, or begins a pair otherwise, would never be heard.
  expect(
    shortcuts.filter(
      (each) => each.keys.length > 2 || each.keys[0] === "" || (each.keys.length === 2) !== (each.keys[0] === "g"),
    ),
  ).toEqual([]);
});
