import { createElement, type ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { loadedLater } from "./loaded-later";

const Greeting = ({ name }: { name: string }): ReactNode => `hello ${name}`;
const shown = ({ Content }: ReturnType<typeof loadedLater<{ name: string }>>): string =>
  renderToString(createElement(Content, { given: { name: "Ada" }, waiting: "one moment" }));
/** Until what was loaded by a promise that is settled already is there. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

it("stands there at once after it was preloaded, and is loaded once", async () => {
  let loads = 0;
  const later = loadedLater(() => {
    loads += 1;
    return Promise.resolve(Greeting);
  });
  expect(shown(later)).toBe("one moment");
  expect(loads, "a server's drawing loads nothing").toBe(0);
  later.preload();
  await settled();
  expect(shown(later)).toBe("hello Ada");
  later.preload();
  await settled();
  expect(loads).toBe(1);
});

it("preloading that fails is silent and tried again", async () => {
  let fails = true;
  const later = loadedLater(() => (fails ? Promise.reject(new Error("no connection")) : Promise.resolve(Greeting)));
  later.preload();
  await settled();
  expect(shown(later)).toBe("one moment");
  fails = false;
  later.preload();
  await settled();
  expect(shown(later)).toBe("hello Ada");
});
