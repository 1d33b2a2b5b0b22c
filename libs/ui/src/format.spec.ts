import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatNumber,
  formatParameter,
  formatPercent,
  missing,
} from "./format";

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [1, "1"],
    [0.99571234, "0.9957"],
    [-0.99571234, "−0.9957"],
    [123456.7, "123500"],
    [999999.9, "1×10⁶"],
    [1234567, "1.235×10⁶"],
    [0.0003, "0.0003"],
    [0.00012346, "0.0001235"],
    [0.000012346, "1.235×10⁻⁵"],
    [9.99996e-5, "0.0001"],
    [1e-300, "1×10⁻³⁰⁰"],
    [1500, "1500"],
    [10, "10"],
  ])("%d → %s", (value, text) => expect(formatNumber(value)).toBe(text));

  it("has no text for what is no finite number", () => {
    for (const value of [null, undefined, NaN, Infinity, -Infinity]) expect(formatNumber(value)).toBe(missing);
  });

  it("stays within half a unit of the last digit", () => {
    const read = (text: string) =>
      Number(
        text.replace("−", "-").replace(/×10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, sign: string, digits: string) => {
          const plain = [...digits].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(d)).join("");
          return `e${sign === "" ? "" : "-"}${plain}`;
        }),
      );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 }), (value) => {
        fc.pre(Math.abs(value) > 1e-200);
        expect(Math.abs(read(formatNumber(value)) / value - 1)).toBeLessThan(6e-4);
      }),
    );
  });
});

it("writes counts in groups", () => {
  expect(formatCount(9999)).toBe("9999");
  expect(formatCount(12345)).toBe("12\u202f345");
  expect(formatCount(1e12)).toBe("1\u202f000\u202f000\u202f000\u202f000");
  expect(formatCount(null)).toBe(missing);
});

it("writes intervals", () => {
  expect(formatInterval(0.5, 0.25, 0.75)).toBe("0.5 [0.25, 0.75]");
  expect(formatInterval(0.5, null, null)).toBe("0.5");
});

it("writes percentages", () => {
  expect(formatPercent(0.8)).toBe("80\u202f%");
  expect(formatPercent(0.0123)).toBe("1.2\u202f%");
  expect(formatPercent(0.9951)).toBe("99.5\u202f%");
  expect(formatPercent(1)).toBe("100\u202f%");
  expect(formatPercent(0)).toBe("0\u202f%");
});

it.each([
  [0.25, "250 ms"],
  [4.23, "4.2 s"],
  [9.99, "10 s"],
  [59.7, "1 min"],
  [200, "3 min 20 s"],
  [3599.6, "1 h"],
  [7500, "2 h 5 min"],
  [86_400 * 3 + 4 * 3600, "3 d 4 h"],
  [NaN, missing],
])("duration %d → %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

it("writes sizes", () => {
  expect(formatBytes(0)).toBe("0 B");
  expect(formatBytes(1400)).toBe("1.4 kB");
  expect(formatBytes(123_456)).toBe("123 kB");
  expect(formatBytes(999_600)).toBe("1 MB");
});

it("writes parameters", () => {
  expect(formatParameter([64, 64, 32])).toBe("64 × 64 × 32");
  expect(formatParameter(["u(0, t) = 0", "u_x(1, t) = 0"])).toBe("u(0, t) = 0; u_x(1, t) = 0");
  expect(formatParameter([])).toBe("none");
  expect(formatParameter(true)).toBe("yes");
  expect(formatParameter(0.001)).toBe("0.001");
  expect(formatParameter("near-zero")).toBe("near-zero");
  expect(formatParameter("0123456789abcdef".repeat(4)), "the id of a dataset").toBe("0123456789ab");
  expect(formatParameter("0123456789abcdef".repeat(3))).toBe("0123456789abcdef".repeat(3));
});

it("writes times relative to now", () => {
  expect(formatAgo(1000, 1500)).toBe("just now");
  expect(formatAgo(0, 12_000)).toBe("12 s ago");
  expect(formatAgo(0, 300_000)).toBe("5 min ago");
  expect(formatAgo(300_000, 0)).toBe("in 5 min");
  expect(formatAgo(0, 86_400_000 * 2)).toBe("2 d ago");
});
