import { quiverDrawing } from "../quiver-drawing";
import { type DrawnKind, layersIn } from "../plot-kind";
import { Portrait } from "./picture";
import { axis, spaced } from "./sample-values";

const points = spaced(14, -1, 1).flatMap((y) => spaced(14, -1, 1).map((x) => ({ x, y })));
const flow = (turn: number) => ({
  x: points.map(({ x }) => x),
  y: points.map(({ y }) => y),
  u: points.map(({ y }) => -y * turn),
  v: points.map(({ x, y }) => x * turn - 0.3 * y),
});

export const quiver: DrawnKind<"quiver"> = {
  drawing: quiverDrawing,
  layers: layersIn("fields"),
  picture: Portrait,
  samples: () => [
    {
      title: "Vector field",
      xAxis: axis("angle", "rad"),
      yAxis: axis("angular velocity", "rad/s"),
      fields: [
        { name: "true", ...flow(1) },
        { name: "learned", ...flow(1.15) },
      ],
      color: axis("speed", "1/s"),
    },
  ],
};
