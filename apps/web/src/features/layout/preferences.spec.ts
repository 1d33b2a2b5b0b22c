import { afterEach, expect, it, vi } from "vitest";
import { browserPlace } from "./browser-place";
import { defaultPreferences, preferencesOf } from "./preferences";
import { actOf } from "./shortcuts";

afterEach(() => vi.unstubAllGlobals());

/** What is read where a browser keeps this text. */
function keptAs(text: string): unknown {
  vi.stubGlobal("window", { localStorage: { getItem: () => text } });
  return browserPlace("basin.preferences").read();
}

it("reads what a browser kept, and falls back to the defaults", () => {
  expect(preferencesOf(null)).toEqual(defaultPreferences);
  expect(preferencesOf(keptAs("{"))).toEqual(defaultPreferences);
  expect(preferencesOf(keptAs("3"))).toEqual(defaultPreferences);
  expect(preferencesOf(keptAs('{"density":"compact","digits":6,"shortcuts":false}'))).toEqual({
    density: "compact",
    digits: 6,
    shortcuts: false,
  });
  expect(preferencesOf(keptAs('{"density":"tiny","digits":99}'))).toEqual(defaultPreferences);
});

it("a browser that forbids its storage keeps nothing and says nothing", () => {
  vi.stubGlobal("window", {
    get localStorage(): Storage {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
  const place = browserPlace("basin.preferences");
  expect(() => place.keep({ digits: 6 })).not.toThrow();
  expect(() => place.drop()).not.toThrow();
  expect(preferencesOf(place.read())).toEqual(defaultPreferences);
});

it("knows what keys mean", () => {
  expect(actOf("n", null)).toEqual({ go: "/sweeps/new" });
  expect(actOf("g", null)).toBe("wait");
  expect(actOf("t", "g")).toEqual({ go: "/trainers" });
  expect(actOf("t", null)).toBeNull();
  expect(actOf("n", "g")).toBeNull();
  expect(actOf("/", null)).toEqual({ do: "search" });
  expect(actOf("?", null)).toEqual({ go: "/settings#keyboard" });
});
