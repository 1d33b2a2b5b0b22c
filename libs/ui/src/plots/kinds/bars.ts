import { barsDrawing } from "../bars-drawing";
import type { DrawnKind } from "../plot-kind";
import { axis } from "./sample-values";

export const bars: DrawnKind<"bars"> = {
  drawing: barsDrawing,
  picture: null,
  samples: () => [
    {
      title: "Error by fold",
      categories: ["fold 1", "fold 2", "fold 3", "fold 4"],
      categoryTitle: "fold",
      y: axis("mean absolute error", "mm"),
      series: [
        { name: "training", values: [0.8, 0.9, 0.7, 0.85], low: [0.7, 0.8, 0.6, 0.8], high: [0.9, 1.1, 0.8, 0.95] },
        { name: "validation", values: [1.2, 1.5, 1.1, 1.4], low: [1, 1.2, 0.9, 1.1], high: [1.4, 1.9, 1.3, 1.8] },
      ],
    },
    {
      title: "Samples by class",
      categories: ["training", "validation", "test"],
      categoryTitle: "part",
      y: axis("samples"),
      stacked: true,
      series: [
        { name: "class 0", values: [400, 50, 50] },
        { name: "class 1", values: [380, 60, 60] },
      ],
    },
  ],
};
