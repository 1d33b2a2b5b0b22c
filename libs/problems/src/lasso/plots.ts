import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import { penalizedFit } from "./penalized-fit";
import { sparseData, trueCoefficients, width } from "./sparse-data";

export const lassoPlots: readonly PlotDescriptor[] = [
  { id: "path", title: "Coefficients against λ", kind: "curve" },
  { id: "ridge-path", title: "The same with squares", kind: "curve" },
  { id: "coefficients", title: "Coefficients of the network", kind: "bars" },
];

/** 0.001 … 3, from strong to weak, so that each fit starts at the one before. */
const strengths = Array.from({ length: 60 }, (_, i) => 3 * (1e-3 / 3) ** (i / 59));

export function plotsOf(dataSeed: number, coefficients: ArrayLike<number>, strength: { l1: number; l2: number }): PlotsById {
  const { x, y } = sparseData(dataSeed);
  const path = (penalty: (strength: number) => { l1: number; l2: number }): Float64Array[] => {
    let last: Float64Array | undefined;
    return strengths.map((one) => (last = penalizedFit(x, y, width, penalty(one), last).coefficients));
  };
  const names = trueCoefficients.map((w, j) => ({ j, name: w === 0 ? `w${j}` : `w${j} = ${w}` }));
  // The true ones first, so that their colours and names are seen.
  names.sort((a, b) => Number(b.name.includes("=")) - Number(a.name.includes("=")) || a.j - b.j);
  const drawn = (penalty: (strength: number) => { l1: number; l2: number }, own: number, title: string, caption: string) => {
    const fits = path(penalty);
    return {
      kind: "curve" as const,
      title,
      caption,
      x: { label: "λ", scale: "log" as const },
      y: { label: "Coefficient" },
      series: [
        ...names.map(({ j, name }) => ({ name, x: strengths, y: fits.map((fit) => fit[j] ?? Number.NaN) })),
        ...(own > 0
          ? [
              {
                name: "network",
                x: names.map(() => own),
                y: names.map(({ j }) => coefficients[j] ?? Number.NaN),
                style: "points" as const,
              },
            ]
          : []),
      ],
    };
  };
  return {
    path: drawn(
      (l1) => ({ l1, l2: 0 }),
      strength.l1,
      "Coefficients against λ of λΣ|w|",
      "In double precision: one after the other the 17 that are 0 in truth come to 0; the others are too small by about λ/2.",
    ),
    "ridge-path": drawn(
      (one) => ({ l1: 0, l2: 2 * one }),
      strength.l2 / 2,
      "Coefficients against λ of λΣw²",
      "Squares shrink every coefficient by about the same share and none to 0.",
    ),
    coefficients: {
      kind: "bars",
      title: "Coefficients of the network",
      categories: trueCoefficients.map((_, j) => String(j)),
      categoryTitle: "Input",
      y: { label: "Coefficient" },
      series: [
        { name: "network", values: trueCoefficients.map((_, j) => coefficients[j] ?? null) },
        { name: "truth", values: [...trueCoefficients] },
      ],
    },
  };
}
