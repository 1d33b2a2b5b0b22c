import { expect, it } from "vitest";
import { defaultPreferences, preferencesOf } from "./preferences";
import { actOf } from "./shortcuts";

it("reads what a browser kept, and falls back to the defaults", () => {
  expect(preferencesOf(null)).toEqual(defaultPreferences);
  expect(preferencesOf("{")).toEqual(defaultPreferences);
  expect(preferencesOf("3")).toEqual(defaultPreferences);
  expect(preferencesOf('{"density":"compact","digits":6,"shortcuts":false}')).toEqual({
    density: "compact",
    digits: 6,
    shortcuts: false,
  });
  expect(preferencesOf('{"density":"tiny","digits":99}')).toEqual(defaultPreferences);
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
