/** Light and dark are drawn apart: each colour has at least 3:1 against its own background (WCAG 1.4.11). */
export type Scheme = "light" | "dark";

export interface SchemeColor {
  light: string;
  dark: string;
}

export const chartBackground: SchemeColor = { light: "#ffffff", dark: "#1f2023" };

/** Text and axes of a chart. */
export const chartInk: SchemeColor = { light: "#33373b", dark: "#c9cdd2" };
export const chartGrid: SchemeColor = { light: "#e4e7ea", dark: "#34373b" };

/** Eight hues that stay apart with protanopia and deuteranopia (see palette.spec.ts). */
export const seriesColors: readonly SchemeColor[] = [
  { light: "#1261d0", dark: "#1f89c1" },
  { light: "#c97500", dark: "#ee8f14" },
  { light: "#009e8b", dark: "#1daf99" },
  { light: "#a90084", dark: "#f0a0fa" },
  { light: "#6e5b00", dark: "#f1e23e" },
  { light: "#0490ef", dark: "#c6f2ff" },
  { light: "#4900a9", dark: "#844fff" },
  { light: "#393b32", dark: "#b2d2a4" },
];

/** After the eight colours the same ones return with another dash, in CSS pixels; empty: a full line. */
const seriesDashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [9, 3, 2, 3]];

export interface SeriesStyle {
  color: SchemeColor;
  dash: readonly number[];
}

/** The look of the group with this number; the same number always looks the same. */
export function seriesStyle(index: number): SeriesStyle {
  const n = seriesColors.length;
  const color = seriesColors[((index % n) + n) % n] ?? chartInk;
  const dash = seriesDashes[Math.floor(Math.abs(index) / n) % seriesDashes.length] ?? [];
  return { color, dash };
}

/** Relative luminance of `#rrggbb` after WCAG 2. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Black or white, whichever is read more easily on the colour: at least 4.5:1. */
export const inkOn = (hex: string): string => (luminance(hex) > 0.179 ? "#000000" : "#ffffff");

/** A CSS colour that follows the page's `color-scheme`. */
export const schemeCss = (color: SchemeColor): string => `light-dark(${color.light}, ${color.dark})`;
