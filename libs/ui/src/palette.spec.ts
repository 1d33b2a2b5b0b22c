import { describe, expect, it } from "vitest";
import { chartBackground, inkOn, seriesColors, seriesStyle, type Scheme } from "./palette";
import { markColor } from "./plots/color-scales";
import { outcomeLooks } from "./run-outcome";
import { runStateLooks } from "./run-state";

type Rgb = [number, number, number];

function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
/** Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB. */
const deficiencies: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};
/** Oklab (Ottosson 2020), times 100. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(Math.max(0, 0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b));
  const m = Math.cbrt(Math.max(0, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b));
  const s = Math.cbrt(Math.max(0, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b));
  return [
    100 * (0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s),
    100 * (1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s),
    100 * (0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s),
  ];
}
function distance(a: string, b: string, seen: readonly [Rgb, Rgb, Rgb]): number {
  const see = (hex: string) => oklab(seen.map((row) => row.reduce((sum, k, i) => sum + k * (linear(hex)[i] ?? 0), 0)) as Rgb);
  const [p, q] = [see(a), see(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

describe.each<Scheme>(["light", "dark"])("%s palette", (scheme) => {
  it("has at least 3:1 against its background", () => {
    for (const color of [
      ...seriesColors,
      ...[...Object.values(runStateLooks), ...Object.values(outcomeLooks)].map((look) => look.color),
    ]) {
      expect(contrast(color[scheme], chartBackground[scheme]), color[scheme]).toBeGreaterThanOrEqual(3);
    }
  });

  it("lines and points that are coloured by a value have 3:1 all along the scale", () => {
    for (let i = 0; i <= 50; i++) {
      const color = markColor(i / 50, scheme);
      expect(contrast(color, chartBackground[scheme]), `${color} at ${i / 50}`).toBeGreaterThanOrEqual(3);
    }
  });

  it("letters on it are read at 4.5:1", () => {
    for (const { [scheme]: color } of seriesColors) expect(contrast(color, inkOn(color)), color).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.keys(deficiencies))("keeps every two colours apart: %s", (name) => {
    const seen = deficiencies[name];
    if (!seen) throw new Error(name);
    for (const [i, a] of seriesColors.entries()) {
      for (const b of seriesColors.slice(i + 1)) {
        expect(distance(a[scheme], b[scheme], seen), `${a[scheme]} ${b[scheme]}`).toBeGreaterThan(10);
      }
    }
  });
});

it("gives 32 groups different looks and then repeats", () => {
  const looks = Array.from({ length: 32 }, (_, i) => JSON.stringify(seriesStyle(i)));
  expect(new Set(looks).size).toBe(32);
  expect(JSON.stringify(seriesStyle(32))).toBe(looks[0]);
});
