import { decisionMapDrawing } from "../decision-map-drawing";
import { type DrawnKind, layersIn } from "../plot-kind";
import { blue, counted, line, orange, path, pictureHeight, pictureWidth } from "./picture";
import { axis, spaced } from "./sample-values";

const gate = (f: (a: number, b: number) => number, name: string) => {
  const plane = spaced(31, -0.5, 1.5);
  return {
    name,
    xAxis: axis("input a"),
    yAxis: axis("input b"),
    x: plane,
    y: plane,
    z: plane.map((b) => plane.map((a) => f(a, b))),
    samples: { x: [0, 1, 0, 1], y: [0, 0, 1, 1], class: [0, 1, 2, 3].map((i) => Math.round(f(i % 2, Math.floor(i / 2)))) },
  };
};
const logistic = (value: number) => 1 / (1 + Math.exp(-8 * value));

function DecisionMap() {
  const edge = counted(33).map((i): [number, number] => [i * 3.75, pictureHeight / 2 + 11 * Math.sin(i / 4.6)]);
  return (
    <>
      <path d={`${path(edge)}L${pictureWidth} ${pictureHeight}L0 ${pictureHeight}Z`} fill={blue} opacity={0.18} />
      <path d={path(edge)} {...line} strokeWidth={1.4} />
      {counted(22).map((i) => {
        const x = 5 + ((i * 29) % 111);
        const above = i % 2 === 0;
        const y = pictureHeight / 2 + 11 * Math.sin(x / 17.25) + (above ? -1 : 1) * (7 + ((i * 5) % 11));
        return <circle key={i} cx={x} cy={y} r={1.9} fill={above ? orange : blue} />;
      })}
    </>
  );
}

export const decisionMap: DrawnKind<"decision-map"> = {
  drawing: decisionMapDrawing,
  layers: layersIn("maps"),
  picture: DecisionMap,
  samples: () => [
    {
      title: "Logic gates",
      classes: ["false", "true"],
      maps: [
        gate((a, b) => logistic(a + b - 1.5), "AND"),
        gate((a, b) => logistic(a + b - 0.5), "OR"),
        gate((a, b) => logistic(0.5 - Math.abs(a + b - 1)), "XOR"),
      ],
    },
    {
      title: "Three classes",
      classes: ["left", "right", "top"],
      maps: [gate((a, b) => (b > 0.8 ? 2 : a > 0.5 ? 1 : 0), "regions")],
    },
  ],
};
